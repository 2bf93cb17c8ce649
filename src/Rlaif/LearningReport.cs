using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Validation;
using Rlaif.Validation.Reports;

namespace Rlaif;

/// <summary>The page that a person reads after a run of the loop: market, decisions, outcomes, pairs, learning, and whether it helped.</summary>
public static class LearningReport
{
    private const int WorkedExamples = 2;
    private const int HistogramBins = 40;

    // One in two hundred at each end, so that a single crash does not flatten the picture.
    private const int TailShare = 200;

    /// <summary>Renders the page; it needs no other file.</summary>
    /// <param name="market">The market that was decided on.</param>
    /// <param name="generations">The turns of the loop, in order, at least one.</param>
    /// <param name="cancellationToken">Cancels the reading of prices.</param>
    public static async Task<string> RenderAsync(
        IMarketData market,
        IReadOnlyList<GenerationReport> generations,
        CancellationToken cancellationToken = default
    )
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        if (generations.Count == 0)
        {
            throw new ArgumentException("There must be at least one generation.", nameof(generations));
        }

        GenerationReport last = generations[^1];
        var report = new HtmlReport(
            "Did learning help?",
            $"{DescribeSource(market.Source)}, {generations.Count} generations of the loop"
        );
        Summary(report, market, generations);
        await MarketAsync(report, market, generations, cancellationToken);
        Decisions(report, generations);
        Outcomes(report, generations);
        LearntFigures.AppendSection(report, generations[Math.Max(0, generations.Count - 2)].Learned);
        Comparison(report, last);
        Limits(report, market);
        return report.Render();
    }

    private static void Summary(HtmlReport report, IMarketData market, IReadOnlyList<GenerationReport> generations)
    {
        GenerationReport last = generations[^1];
        LearnedModel judged = generations[Math.Max(0, generations.Count - 2)].Learned;
        report.Section("In short");
        report.Highlight(Capitalized(last.Verdict), Tone(last.Comparison?.Verdict));
        if (judged.Validation.Accuracy > LearnedModel.LeakageAlarm && market is not SimulatedMarket)
        {
            report.Highlight(
                $"An accuracy of {Percent(judged.Validation.Accuracy)} is more than real five-day returns carry: look for a leak in the data.",
                ReportTone.Bad
            );
        }

        string attainable = judged.AttainableAccuracy is { } a
            ? $"attainable here: {Percent(a)}, a coin: 50.0%"
            : "a coin: 50.0%; what is attainable is not known on real prices";
        report.Cards(
            new KeyFigure("Decisions", $"{generations.Sum(g => g.Decided.Count):N0}", $"on {market.Symbols.Count} symbols"),
            new KeyFigure(
                "Settled candidates",
                $"{generations.Sum(g => g.Settled.Count):N0}",
                "traded or not, as far as known by the end of their generation"
            ),
            new KeyFigure(
                "Preference pairs",
                $"{last.Preferences.Total:N0}",
                string.Join(", ", last.Preferences.ByPool.Select(p => $"{Words(p.Key)} {p.Value:N0}"))
            ),
            new KeyFigure(
                "Pair accuracy",
                Percent(judged.Validation.Accuracy),
                $"{Interval(judged.Validation.Interval, Percent)}; {attainable}"
            )
        );
        report.Paragraph(
            "Each decision is one symbol at one moment. Analysts debate what was known then, the manager proposes several candidates, one is "
                + "accepted. The market then settles all of them. Generation 0 accepts the first candidate; later generations accept the one that "
                + "a reward model, trained on earlier generations only, scores highest."
        );
    }

    private static async Task MarketAsync(
        HtmlReport report,
        IMarketData market,
        IReadOnlyList<GenerationReport> generations,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset start = generations[0].Decided[0].Decision.AsOf;
        DateTimeOffset end = generations[^1].Settled.Select(s => s.Outcome.ExitAt).DefaultIfEmpty(start).Max();
        var lines = new List<PlotSeries>();
        foreach (string symbol in market.Symbols.Take(ShownSymbols))
        {
            BarSeries bars = await market.GetBarsAsync(symbol, end, cancellationToken);
            lines.Add(PlotSeries.OverTime(symbol, Growth(bars, start)));
        }

        report.Section("The market");
        report.Paragraph(DescribeMarket(market));
        string shown =
            market.Symbols.Count > ShownSymbols ? $" The first {ShownSymbols} of {market.Symbols.Count} symbols are drawn." : "";
        report.Figure(
            "Price of each symbol, first decision = 1",
            ReportPlot.Lines(
                new PlotAxes
                {
                    XLabel = "date",
                    YLabel = "price",
                    XUnit = PlotUnit.Date,
                },
                lines
            ),
            $"What the agents traded.{shown}"
        );
    }

    private static void Decisions(HtmlReport report, IReadOnlyList<GenerationReport> generations)
    {
        report.Section("What the agents decided");
        DecidedContext[] all = [.. generations.SelectMany(g => g.Decided)];
        report.Table(
            new ReportTable(
                "Actions by candidate; the first candidate is the static baseline.",
                [new("Candidate", IsNumeric: false), new("Buy"), new("Sell"), new("Hold"), new("Mean size", "of equity")],
                [
                    .. all.SelectMany(d => d.Proposal.Candidates)
                        .GroupBy(c => (c.Index, c.Stance))
                        .OrderBy(g => g.Key.Index)
                        .Take(MaxStances)
                        .Select(g =>
                            (IReadOnlyList<string?>)
                                [
                                    $"{g.Key.Index}: {g.Key.Stance}",
                                    Count(g, TradeAction.Buy),
                                    Count(g, TradeAction.Sell),
                                    Count(g, TradeAction.Hold),
                                    Percent(g.Average(c => c.PositionSize)),
                                ]
                        ),
                ]
            )
        );
        report.Heading("Worked examples");
        foreach (GenerationReport generation in generations.TakeLast(WorkedExamples))
        {
            WorkedExample.Append(report, generation);
        }
    }

    private static void Outcomes(HtmlReport report, IReadOnlyList<GenerationReport> generations)
    {
        double[] returns =
        [
            .. generations
                .SelectMany(g => g.Settled)
                .Where(s => s.Candidate.Action != TradeAction.Hold)
                .Select(s => s.Outcome.NetReturn)
                .Order(),
        ];
        int tail = returns.Length / TailShare;
        report.Section("What became of it");
        report.Paragraph(
            $"{returns.Length:N0} candidates that took a position were settled from the next open to the close of the last holding day, after costs. "
                + "Both sides of the market are among them, so the histogram is nearly symmetric by construction."
        );
        report.Figure(
            "Net return of every candidate with a position",
            ReportPlot.Histogram(
                new PlotAxes
                {
                    XLabel = "net return",
                    YLabel = "candidates",
                    XUnit = PlotUnit.Percent,
                },
                returns[tail..^tail],
                HistogramBins
            ),
            $"Signed by side, after commission, spread, slippage and borrow; the {tail:N0} best and worst are left out of the picture."
        );
        SettlementSummary settlement = generations[^1].Settlement;
        string failures =
            settlement.Failed.Count == 0 ? "none failed" : string.Join(", ", settlement.Failed.Select(f => $"{f.Key} {f.Value}"));
        report.Paragraph($"Of the last generation {settlement.Pending:N0} candidates still wait for their exit; {failures}.");
    }

    private static void Comparison(HtmlReport report, GenerationReport last)
    {
        report.Section("Baseline against guided");
        if (last.Comparison is not { } comparison)
        {
            report.Paragraph("Only the baseline has decided so far: there is nothing to compare yet.");
            return;
        }

        report.Highlight(Capitalized(comparison.Sentence), Tone(comparison.Verdict));
        report.Paragraph(
            $"Both arms had the same candidates of the same {comparison.Decisions:N0} contexts, all after the training period; on {comparison.Different:N0} of them they earned differently. "
                + "The contribution of a decision is its position size times its net return."
        );
        var rows = new List<IReadOnlyList<string?>>
        {
            new[] { "first candidate (baseline)", Basis(comparison.BaselineMean), null, null },
            new[]
            {
                "best of N by reward (guided)",
                Basis(comparison.ImprovedMean),
                Basis(comparison.Difference),
                Interval(comparison.Interval, Basis),
            },
        };
        if (last.Attainable is { } truth)
        {
            rows.Add([
                "best of N knowing the truth",
                Basis(truth.ImprovedMean),
                Basis(truth.Difference),
                Interval(truth.Interval, Basis),
            ]);
        }

        report.Table(
            new ReportTable(
                "Contribution to equity per decision.",
                [new("Arm", IsNumeric: false), new("Mean", "bp of equity"), new("Difference", "bp"), new("95% interval", "bp")],
                rows
            )
        );
        report.Figure("Contributions summed over time", CumulativePlot(last), "Not compounded; each step is one decision date.");
    }

    private static PlotFigure CumulativePlot(GenerationReport last)
    {
        HashSet<string> accepted = [.. last.Decided.Select(d => d.Decision.CandidateId)];
        return ReportPlot.Lines(
            new PlotAxes
            {
                XLabel = "decision date",
                YLabel = "sum of contributions",
                XUnit = PlotUnit.Date,
                YUnit = PlotUnit.Percent,
            },
            PlotSeries.OverTime("baseline", Sum(last.Settled.Where(s => s.Candidate.Index == 0))),
            PlotSeries.OverTime("guided", Sum(last.Settled.Where(s => accepted.Contains(s.Candidate.CandidateId))))
        );
    }

    private static IEnumerable<(DateOnly Date, double Value)> Sum(IEnumerable<SettledCandidate> arm)
    {
        double sum = 0;
        foreach (IGrouping<DateOnly, SettledCandidate> date in arm.GroupBy(s => s.Context.Date).OrderBy(g => g.Key))
        {
            sum += date.Sum(PairedComparison.Contribution);
            yield return (date.Key, sum);
        }
    }

    private static void Limits(HtmlReport report, IMarketData market)
    {
        report.Section("Limits");
        List<string> limits =
        [
            "Fills at the open and close of bars with fixed costs: no market impact, no partial fills, no margin calls.",
            "Intervals treat decision dates (in blocks as long as the holding period) as independent.",
            "This is a research result on past or simulated prices. It is not investment advice.",
        ];
        if (market is SimulatedMarket)
        {
            limits.Insert(
                0,
                "The market is simulated and its edge was planted (or left out) on purpose: these figures say that the machinery works, not that markets can be beaten."
            );
        }

        report.List(limits);
    }

    private const int ShownSymbols = 6;
    private const int MaxStances = 16;

    private static IEnumerable<(DateOnly Date, double Value)> Growth(BarSeries bars, DateTimeOffset start)
    {
        int first = Math.Max(0, bars.CountKnownAt(start) - 1);
        double[] closes = bars.Columns.Close;
        return Enumerable.Range(first, bars.Count - first).Select(i => (bars[i].Session, closes[i] / closes[first]));
    }

    private static string DescribeSource(string source) =>
        source switch
        {
            "planted" => "Simulated market with a planted edge",
            "null" => "Simulated market without any edge",
            _ => $"Market data: {source}",
        };

    private static string DescribeMarket(IMarketData market) =>
        market.Source switch
        {
            "planted" =>
                "Simulated prices with fat tails, clustered volatility and a common factor. An edge was planted: a move reverses when volume has dried up, and only then; and the wording of supply-chain headlines, which carry no sentiment word, points the way. The agents use neither well.",
            "null" =>
                "Simulated prices with fat tails, clustered volatility and a common factor, and no edge at all: nothing known before the fact tells anything about returns.",
            _ =>
                $"Bars from {market.Source}: {market.Symbols.Count} symbols{(market.Benchmark is null ? ", no benchmark" : $", benchmark {market.Benchmark}")}.",
        };

    private static ReportTone Tone(Verdict? verdict) =>
        verdict switch
        {
            Verdict.Improved => ReportTone.Good,
            Verdict.Worse => ReportTone.Bad,
            _ => ReportTone.Neutral,
        };

    private static string Count(IEnumerable<Candidate> candidates, TradeAction action) =>
        $"{candidates.Count(c => c.Action == action):N0}";

    internal static string Percent(double fraction) => $"{100 * fraction:0.0}%";

    private static string Basis(double fraction) => $"{10_000 * fraction:+0.00;-0.00;0.00}";

    internal static string Interval(BootstrapInterval? interval, Func<double, string> format) =>
        interval is null ? "no interval" : $"[{format(interval.Lower)}, {format(interval.Upper)}]";

    internal static string Words(Enum value) =>
        string.Concat(
            value
                .ToString()
                .Select((c, i) => char.IsUpper(c) && i > 0 ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")
        );

    internal static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
