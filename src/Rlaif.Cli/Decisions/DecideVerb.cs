using System.CommandLine;
using Rlaif.Data;
using Rlaif.Decisions;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif decide</c>.</summary>
internal sealed class DecideVerb : Verb
{
    private readonly Argument<string[]> _symbols = new("SYMBOL")
    {
        Description = "Symbols to decide on",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<DateOnly?> _asOf = new("--as-of")
    {
        Description = "Decide at the close of the last session on or before this day [default: the last bar]",
        HelpName = "DATE",
    };

    private readonly DeskOptions _desk = new();

    public DecideVerb()
        : base(
            "decide",
            "Take one decision a symbol from imported bars, and record it with the debate, all candidates and the position. Asking again for the same moment with the same options adds nothing",
            "rlaif decide AAPL MSFT --as-of 2024-06-28"
        )
    {
        Arguments.Add(_symbols);
        Options.Add(_asOf);
        _desk.AddTo(this);
    }

    public override string JsonFields =>
        "decisions[{decision_id,symbol,as_of,action,position_size,score,confidence,analysis,reasoning[],reports[{role,score,confidence,analysis,reasoning[]}],candidates[{candidate_id,action,position_size,score,confidence,reward}],selector}]; reward null without a model; llm{"
        + UsageDocument.Fields
        + "} with language models";

    private sealed record Report(
        AnalystRole Role,
        double Score,
        double Confidence,
        string Analysis,
        IReadOnlyList<string> Reasoning
    );

    private sealed record Choice(
        string CandidateId,
        TradeAction Action,
        double PositionSize,
        double Score,
        double Confidence,
        double? Reward
    );

    private sealed record Decided(
        string DecisionId,
        string Symbol,
        DateTimeOffset AsOf,
        TradeAction Action,
        double PositionSize,
        double Score,
        double Confidence,
        string Analysis,
        IReadOnlyList<string> Reasoning,
        IReadOnlyList<Report> Reports,
        IReadOnlyList<Choice> Candidates,
        string Selector
    );

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IMarketData market = await context.LoadImportedBarsAsync();
        DebateDisplay display = context.Output.Debate(everyLine: true);
        await using AgentTeam team = await _desk.AssembleAsync(context, market, display);
        ModelGuide? guide = await _desk.LoadGuideAsync(context);
        var desk = new DecisionDesk(market, team.Manager, await context.OpenLedgerAsync(), guide, team.Reflections);
        Task<IReadOnlyList<DecidedContext>> DecideAsync(IProgress<ProgressUpdate> progress) =>
            desk.DecideAsync(context.Get(_symbols)!, context.Get(_asOf), team.Threads, progress, context.CancellationToken);
        IReadOnlyList<DecidedContext> decided = team.Models is null
            ? await context.Output.ProgressAsync("deciding", DecideAsync)
            : await display.RunAsync(DecideAsync);
        BeforeCutoff.Warn(context.Output, decided);
        string[] undecided =
        [
            .. context.Get(_symbols)!.Distinct(StringComparer.Ordinal).Except(decided.Select(d => d.Decision.Symbol)),
        ];
        foreach (string symbol in undecided)
        {
            context.Output.Warn(
                $"{symbol} is not decided: the models brought no usable candidate. What they said is in the ledger (failed_reply), and this moment is not asked about again with the same options"
            );
        }

        context.Output.Result(
            team.Usage is { } usage
                ? new { Decisions = decided.Select(Describe), Llm = usage }
                : new { Decisions = decided.Select(Describe) },
            console =>
            {
                foreach (DecidedContext item in decided)
                {
                    DebateView.Show(console, item);
                }

                if (team.Usage is { } total)
                {
                    console.WriteLine(total.Words());
                }
            }
        );
        return undecided.Length == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static Decided Describe(DecidedContext decided)
    {
        (Proposal proposal, TradingDecision decision) = decided;
        Candidate accepted = proposal.Candidates.First(c => c.CandidateId == decision.CandidateId);
        return new Decided(
            decision.DecisionId,
            decision.Symbol,
            decision.AsOf,
            decision.Action,
            decision.PositionSize,
            accepted.Score,
            accepted.Confidence,
            accepted.Analysis,
            accepted.Reasoning,
            [.. proposal.Context.Debate.Closing.Select(r => new Report(r.Role, r.Score, r.Confidence, r.Analysis, r.Reasoning))],
            [
                .. proposal.Candidates.Select(c => new Choice(
                    c.CandidateId,
                    c.Action,
                    c.PositionSize,
                    c.Score,
                    c.Confidence,
                    decision.Rewards?[c.Index]
                )),
            ],
            decision.Selector
        );
    }
}
