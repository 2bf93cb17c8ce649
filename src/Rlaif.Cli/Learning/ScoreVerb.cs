using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif score</c>.</summary>
internal sealed class ScoreVerb : Verb
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

    public ScoreVerb()
        : base(
            "score",
            "Score candidates from a file with a reward model, in the order of the file",
            "rlaif score candidates.json"
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
        ScoredRow[] ranked = [.. rows];
        context.Output.Result(new { Model = version, Ranked = ranked }, console => ScoredRow.Show(console, version, ranked));
        return ExitCode.Done;
    }
}
