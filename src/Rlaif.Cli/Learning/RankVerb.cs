using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif rank</c>.</summary>
internal sealed class RankVerb : Verb
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "JSON: one object or an array, with the fields of decisions import",
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description =
            $"Version of the reward model: {ModelsCommand.VersionNames}; or {DeployedModel.BlendSyntax} [default: the champion, before the first promotion latest]",
        HelpName = "V",
    };

    public RankVerb()
        : base(
            "rank",
            "Re-rank candidates from a file by a reward model, best first",
            "rlaif rank candidates.json --model v0001 --json"
        )
    {
        Arguments.Add(_file);
        Options.Add(_model);
    }

    public override string JsonFields =>
        "model, ranked[{candidate_id,symbol,action,reward,reward_std,rank}]; reward_std is the spread among the members of the ensemble, null for a single one";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        (string version, IReadOnlyList<ScoredRow> rows) = await CandidateScoring.ScoreAsync(
            context,
            context.Get(_file)!,
            context.Get(_model)
        );
        ScoredRow[] ranked = [.. rows.OrderBy(r => r.Rank)];
        context.Output.Result(new { Model = version, Ranked = ranked }, console => ScoredRow.Show(console, version, ranked));
        return ExitCode.Done;
    }
}
