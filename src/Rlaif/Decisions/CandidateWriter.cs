using System.Collections.Immutable;
using Rlaif.Data;

namespace Rlaif.Decisions;

/// <summary>
/// Puts a proposal into the manager's words. Facts come first and have the same words under every stance; then how the reports were
/// weighed; then the argument of the stance.
/// </summary>
internal sealed class CandidateWriter(Desk desk, ManagerView view, ManagerView baseline)
{
    private const double NoFacts = 0.1;
    private const double NearAverage = 0.02;

    private static readonly AnalystRole[] FactRoles = [AnalystRole.Technical, AnalystRole.Fundamental, AnalystRole.Risk];

    /// <summary>Proposal, side, size, main reason and main risk in one or two sentences.</summary>
    internal string Analysis()
    {
        string symbol = desk.Snapshot.Symbol;
        if (view.Side == 0)
        {
            return $"I propose to hold {symbol} and commit nothing: a combined score of {Wording.Signed(view.Score)} does not pay for the costs of a trade. {HoldRisk()}";
        }

        string verb = view.Side > 0 ? "buy" : "sell short";
        return $"I propose to {verb} {symbol} with {Wording.Percent(view.PositionSize)} of equity: {Reason()}. The main risk is {Risk()}.";
    }

    /// <summary>The steps: headlines, key facts, weighing, argument.</summary>
    internal IReadOnlyList<string> Reasoning()
    {
        ImmutableArray<NewsItem> news = Headlines.Quoted(desk.Snapshot);
        List<string> steps = news.IsEmpty ? ["There are no headlines of the last 7 days."] : [.. news.Select(Headlines.Step)];
        foreach (AnalystRole role in FactRoles)
        {
            if (desk.Report(role) is { Reasoning: [string fact, ..] })
            {
                steps.Add(fact);
            }
        }

        steps.Add(Weighing());
        steps.Add(Argument());
        return steps;
    }

    private string Reason()
    {
        if (view.Stance.Kind == StanceKind.Contrarian)
        {
            return $"the case for {(view.Side > 0 ? "selling" : "buying")} looks crowded";
        }

        return Loudest(view.Side) is { } report
            ? $"the {Name(report)} report carries it, {Wording.View(report.Score)} at confidence {Wording.Plain(report.Confidence)}"
            : $"no single report carries it, together they are {Wording.View(view.Score)}";
    }

    private string Risk()
    {
        if (Loudest(-view.Side) is { } report)
        {
            return $"that the {Name(report)} report is right, which is {Wording.View(report.Score)}";
        }

        return desk.DailyVolatility is { } daily
            ? $"the swing of {Wording.Swing(daily)} on a usual day"
            : "that the volatility is unknown";
    }

    private string HoldRisk() =>
        Loudest(view.Score < 0 ? -1 : 1) is { } report
            ? $"The main risk is to miss a move, if the {Name(report)} report is right."
            : "The main risk is to miss a move that no report sees coming.";

    private string Weighing()
    {
        string[] parts =
        [
            .. desk
                .Reports.OrderBy(r => r.Role)
                .Select(r => $"{Name(r)} {Wording.Signed(r.Score)} at {Wording.Plain(r.Confidence)}"),
        ];
        return $"Scores and confidences after the debate: {string.Join(", ", parts)}; under this stance {Wording.Signed(view.Score)} at {Wording.Plain(view.Confidence)}.";
    }

    private string Argument() =>
        view.Stance.Kind switch
        {
            StanceKind.Balanced => "Balanced stance: every report counts by its confidence alone.",
            StanceKind.Trend => $"Trend stance: the tape leads and the horizon is short; {ShortFact()}.",
            StanceKind.Contrarian => $"Contrarian stance: {ContrarianArgument()}.",
            StanceKind.Value =>
                $"Value stance: {(HasFilings ? "filings lead and the horizon is long" : "without filings the price has to speak for itself")}; {LongFact()}.",
            StanceKind.Cautious => $"Cautious stance: risk leads; {CautiousArgument()}.",
            _ =>
                $"Mixed stance: the {HeaviestRole()} report leads and the horizon is {(view.Stance.Horizon < 0 ? "long" : "short")}; {(view.Stance.Horizon < 0 ? LongFact() : ShortFact())}.",
        };

    private bool HasFilings => desk.Report(AnalystRole.Fundamental) is { Confidence: >= NoFacts };

    private string ContrarianArgument()
    {
        string crowd = view.Side > 0 ? "selling" : "buying";
        string opening =
            baseline.Side == 0
                ? $"the desk is undecided and the tape invites {crowd}, so the surprise lies on the other side"
                : $"the desk agrees on {crowd}, and a view that is shared is in the price";
        return Loudest(view.Side) is { } ally
            ? $"{opening}; the {Name(ally)} report supports mine"
            : $"{opening}; no report supports mine yet";
    }

    private string CautiousArgument()
    {
        string swing = desk.DailyVolatility is { } daily
            ? $"with a swing of {Wording.Swing(daily)} on a usual day"
            : "with unknown volatility";
        return view.Side == 0
            ? $"{swing} I stay out unless the case is strong"
            : $"{swing} the case is strong enough for a small position";
    }

    private string ShortFact() =>
        desk.Feature("return_5") is { } week
            ? $"the price {Wording.Moved(week)} over 5 sessions"
            : "the last sessions are not known";

    private string LongFact() =>
        desk.Feature("distance_sma_200") is { } distance
            ? $"the price is {Wording.Distance(distance)} its 200-day average, {Worth(distance)} its own past"
            : "the history is too short for a 200-day average";

    private static string Worth(double distance) =>
        distance switch
        {
            > NearAverage => "dear against",
            < -NearAverage => "cheap against",
            _ => "in line with",
        };

    private string HeaviestRole()
    {
        AnalystReport heaviest = desk.Reports.MaxBy(r => view.Stance.Weight(r.Role))!;
        return Name(heaviest);
    }

    /// <summary>The report that under this stance speaks most weightily for a side; null when none does.</summary>
    private AnalystReport? Loudest(int side) =>
        desk
            .Reports.Where(r => r.Score * side >= Wording.LeaningView && r.Confidence >= NoFacts)
            .MaxBy(r => r.Score * side * r.Confidence * view.Stance.Weight(r.Role));

    private static string Name(AnalystReport report) => report.Role.ToString().ToLowerInvariant();
}
