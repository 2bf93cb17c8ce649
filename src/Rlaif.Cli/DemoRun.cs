using System.Text.Json;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Tuning;

namespace Rlaif.Cli;

/// <summary>
/// Two generations on one market: the static baseline decides the first four fifths of the dates and a model is trained on them; the
/// model guides the decisions on the rest, which it has never seen.
/// </summary>
internal sealed class DemoRun(IMarketData market, ManagerOptions manager, LearningOptions options, HomeFolder home)
{
    /// <summary>Fewest decisions per symbol from which the three sides of a split and a comparison can be formed.</summary>
    public const int FewestDecisions = 50;

    /// <summary>Fewest candidates per decision that can be compared.</summary>
    public const int FewestCandidates = 2;

    private const double BaselineShare = 0.8;

    /// <summary>Runs the loop and writes its files.</summary>
    /// <exception cref="NotEnoughDataException">The market has too few sessions.</exception>
    public async Task<DemoResult> ExecuteAsync(
        Ledger ledger,
        int decisionsPerSymbol,
        IProgress<ProgressUpdate> progress,
        CancellationToken cancellationToken
    )
    {
        (DateRange baseline, DateRange guided) = Plan(decisionsPerSymbol);
        var loop = new LearningLoop(market, ManagerAgent.RuleBased(manager), ledger, options);
        GenerationReport first = await loop.RunGenerationAsync(baseline, progress, cancellationToken);
        GenerationReport second = await loop.RunGenerationAsync(guided, progress, cancellationToken);
        progress.Report(new ProgressUpdate("write files", 0, 0));
        return new DemoResult
        {
            Market = market,
            Bars = await CountBarsAsync(cancellationToken),
            FirstDate = baseline.From,
            LastDate = second
                .Settled.Select(s => DateOnly.FromDateTime(s.Outcome.ExitAt.UtcDateTime))
                .DefaultIfEmpty(guided.From)
                .Max(),
            Outcomes = await ledger.CountAsync<Outcome>(cancellationToken),
            Baseline = first,
            Guided = second,
            Files = await WriteFilesAsync(ledger, first, second, cancellationToken),
        };
    }

    // The last decision falls on the last session, where it waits for its outcome; what lies before the first is history for the features.
    private (DateRange Baseline, DateRange Guided) Plan(int decisionsPerSymbol)
    {
        SessionCalendar calendar = market.GetCalendar(market.Symbols[0]);
        int every = options.EverySessions;
        int sessions = calendar.Sessions.Length;
        int possible = ((sessions - 1 - manager.MinHistoryBars) / every) + 1;
        int decisions = Math.Min(decisionsPerSymbol, possible);
        if (decisions < FewestDecisions)
        {
            throw new NotEnoughDataException(
                $"{market.Source}: {sessions} sessions allow {Math.Max(0, possible)} decisions per symbol, one every {every} sessions after "
                    + $"{manager.MinHistoryBars} of history; the loop needs {FewestDecisions}."
            );
        }

        int start = sessions - 1 - ((decisions - 1) * every);
        int border = start + ((int)(decisions * BaselineShare) * every);
        return (
            new DateRange(calendar.Sessions[start], calendar.Sessions[border - 1]),
            new DateRange(calendar.Sessions[border], calendar.Sessions[^1])
        );
    }

    private async Task<int> CountBarsAsync(CancellationToken cancellationToken)
    {
        int bars = 0;
        foreach (string symbol in market.Symbols)
        {
            bars += (await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, cancellationToken)).Count;
        }

        return bars;
    }

    private async Task<DemoFiles> WriteFilesAsync(
        Ledger ledger,
        GenerationReport first,
        GenerationReport second,
        CancellationToken cancellationToken
    )
    {
        var registry = new ModelRegistry(home.Models);
        ModelVersion judged = await registry.AddAsync(
            first.Learned.Model,
            first.Learned.Training,
            TrainingDocument.ValidationNode(first.Learned),
            TrainingDocument.DetailsNode(first.Learned),
            cancellationToken
        );
        await registry.AddAsync(
            second.Learned.Model,
            second.Learned.Training,
            TrainingDocument.ValidationNode(second.Learned),
            TrainingDocument.DetailsNode(second.Learned),
            cancellationToken
        );
        string decisions = Path.Combine(home.Decisions, "decisions.jsonl");
        await WriteLinesAsync(decisions, first.Decided.Concat(second.Decided).Select(Describe), cancellationToken);
        string preferences = Path.Combine(home.Preferences, "preferences.jsonl");
        PreferenceDataset data = await new PreferenceGenerator(ledger, options.Preferences).GetTrainingDataAsync(
            cancellationToken: cancellationToken
        );
        await WriteLinesAsync(preferences, data.Pairs, cancellationToken);
        string report = Path.Combine(home.Reports, "learning.html");
        Directory.CreateDirectory(home.Reports);
        await File.WriteAllTextAsync(
            report,
            await LearningReport.RenderAsync(market, [first, second], cancellationToken),
            cancellationToken
        );
        return new DemoFiles
        {
            Decisions = decisions,
            Preferences = preferences,
            Model = Path.Combine(home.Models, judged.Version, ModelRegistry.ModelFile),
            Finetuning = await TuneAsync(data, [.. first.Settled, .. second.Settled], cancellationToken),
            Report = report,
        };
    }

    private async Task<IReadOnlyList<string>> TuneAsync(
        PreferenceDataset data,
        IReadOnlyList<SettledCandidate> settled,
        CancellationToken cancellationToken
    )
    {
        var tuner = new RlaifFineTuner(new TuningOptions { OutputDirectory = home.FineTuning });
        TuningFile[] files =
        [
            await tuner.PrepareDpoTrainingDataAsync(data, cancellationToken: cancellationToken),
            await tuner.PrepareSupervisedTrainingDataAsync(settled, cancellationToken: cancellationToken),
            await tuner.PrepareKtoTrainingDataAsync(settled, cancellationToken: cancellationToken),
        ];
        return [.. files.Select(f => f.File)];
    }

    private static object Describe(DecidedContext decided) =>
        new
        {
            decided.Decision,
            decided.Proposal.Context.Generation,
            decided.Proposal.Candidates,
        };

    private static async Task WriteLinesAsync<T>(string path, IEnumerable<T> rows, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (T row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.WriteLineAsync(JsonSerializer.Serialize(row, RlaifJson.Compact));
        }
    }
}
