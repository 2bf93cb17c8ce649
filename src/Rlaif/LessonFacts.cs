using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Masking;
using Rlaif.Decisions.Llm.Roles;
using Rlaif.Outcomes;

namespace Rlaif;

/// <summary>What was expected, what happened and what would have been better, in sentences that code wrote from the records.</summary>
internal sealed class LessonFacts(SettledContext settled, Masker? masker = null)
{
    private const int MaxArgument = 160;
    private const int MaxStance = 40;
    private const int MaxReport = 400;

    // Half a basis point of equity: less is not called better.
    private const double Material = 0.00005;

    private readonly SettledCandidate _traded = settled.Traded;

    /// <summary>What the decision committed, how sure it was, and why.</summary>
    internal string Expected =>
        $"The decision was to {Say(_traded)}, at score {Wording.Signed(_traded.Candidate.Score)} and confidence {Wording.Plain(_traded.Candidate.Confidence)}. Its argument: \"{Quote(_traded.Candidate.Analysis, MaxArgument)}\"";

    /// <summary>What came of it.</summary>
    internal string Happened
    {
        get
        {
            Outcome outcome = _traded.Outcome;
            string market = outcome.BenchmarkReturn is { } index
                ? $" The market returned {Wording.SignedPercent(index)} meanwhile."
                : string.Empty;
            string window = $"{Date(outcome.EntryAt)} to {Date(outcome.ExitAt)} ({Wording.Count(outcome.HoldDays, "session")})";
            return IsTrade(_traded)
                ? $"Held from {window} and closed {Reason(outcome.ExitReason)}: it returned {Wording.SignedPercent(outcome.NetReturn)} after costs of {Equity(outcome.Costs)}, which is {SignedEquity(Gain)} of equity; its largest fall on the way was {Wording.Percent(outcome.MaxDrawdown)}.{market}"
                : $"Nothing was held from {window}.{market}";
        }
    }

    /// <summary>Which of the other candidates, or none, would have earned more.</summary>
    internal string Better
    {
        get
        {
            string rank =
                $"Of {settled.Candidates.Count} candidates {Wording.Count(settled.Candidates.Count(IsBetter), "other")} did better than the decision.";
            return (BestOther, Best) switch
            {
                ({ } best, Finding.Candidate) =>
                    $"Best was to {Say(best)} ({Quote(best.Candidate.Stance, MaxStance)}), which would have earned {SignedEquity(SettledContext.GainOf(best))} of equity, {Equity(SettledContext.GainOf(best) - Gain)} more. {rank}",
                (_, Finding.Hold) =>
                    $"To hold would have been best: it would have saved {Equity(-Gain)} of equity, and no candidate earned anything. {rank}",
                _ => $"No other candidate would have done better, nor to hold. {rank}",
            };
        }
    }

    /// <summary>The advice that follows from the facts alone.</summary>
    internal string Advice
    {
        get
        {
            string lesson = Best switch
            {
                Finding.Hold => "In such a situation the move did not pay for its costs: hold unless the case is stronger.",
                Finding.Candidate when BestOther!.Candidate.Action == _traded.Candidate.Action =>
                    $"In such a situation the side was right, and the size {(BestOther.Candidate.PositionSize > _traded.Candidate.PositionSize ? "too small" : "too large")}.",
                Finding.Candidate when IsTrade(_traded) =>
                    $"In such a situation the opposite side paid: before you {Verb(_traded)}, answer what speaks for the other side.",
                Finding.Candidate => $"In such a situation to {Verb(BestOther!)} paid: weigh it before you hold.",
                _ when IsTrade(_traded) => $"In such a situation to {Verb(_traded)} paid, and the argument held.",
                _ => "In such a situation to hold was right: no candidate earned anything.",
            };
            return $"{lesson} One outcome is weak evidence.";
        }
    }

    private enum Finding
    {
        Decision,
        Candidate,
        Hold,
    }

    private double Gain => SettledContext.GainOf(_traded);

    private SettledCandidate? BestOther => settled.Candidates.Where(c => c != _traded).MaxBy(SettledContext.GainOf);

    private Finding Best
    {
        get
        {
            double other = BestOther is { } best ? SettledContext.GainOf(best) : double.NegativeInfinity;
            return other > Math.Max(Gain, 0) + Material ? Finding.Candidate
                : Gain < -Material ? Finding.Hold
                : Finding.Decision;
        }
    }

    /// <summary>One line on a candidate: what it proposed and what it earned.</summary>
    internal string Describe(SettledCandidate candidate)
    {
        string result = IsTrade(candidate)
            ? $"{Wording.SignedPercent(candidate.Outcome.NetReturn)} after costs, {SignedEquity(SettledContext.GainOf(candidate))} of equity"
            : "nothing earned, nothing paid";
        string taken = candidate == _traded ? " (the decision)" : string.Empty;
        return $"{Say(candidate)} ({Quote(candidate.Candidate.Stance, MaxStance)}): {result}{taken}";
    }

    /// <summary>One line on an analyst: how it stood at the end of the debate, and what it said.</summary>
    internal string Describe(AnalystReport report) =>
        $"{report.Role}, score {Wording.Signed(report.Score)}, confidence {Wording.Plain(report.Confidence)}: {Quote(report.Analysis, MaxReport)}";

    // The agents' words as one line of data: bounded, without line breaks and tags, masked where names are hidden.
    private string Quote(string text, int maxLength)
    {
        string clean = Headlines.Clean(text, maxLength + Quoted.MaskMargin);
        return Headlines.Clean(masker?.Text(clean) ?? clean, maxLength).Replace('<', '(').Replace('>', ')');
    }

    private bool IsBetter(SettledCandidate candidate) => SettledContext.GainOf(candidate) > Gain + Material;

    private static bool IsTrade(SettledCandidate candidate) => candidate.Candidate.Action != TradeAction.Hold;

    private static string Say(SettledCandidate candidate) =>
        IsTrade(candidate) ? $"{Verb(candidate)} with {Wording.Percent(candidate.Candidate.PositionSize)} of equity" : "hold";

    private static string Verb(SettledCandidate candidate) =>
        candidate.Candidate.Action switch
        {
            TradeAction.Buy => "buy",
            TradeAction.Sell => "sell short",
            _ => "hold",
        };

    private static string Reason(ExitReason reason) =>
        reason switch
        {
            ExitReason.TimeLimit => "at the end of the holding period",
            ExitReason.Target => "at the profit target",
            ExitReason.Stop => "at the stop",
            ExitReason.TrailingStop => "at the trailing stop",
            ExitReason.Reported => "as its agent reported",
            _ => "by hand",
        };

    private string Date(DateTimeOffset at) => masker?.Date(at) ?? $"{at.UtcDateTime:yyyy-MM-dd}";

    private static string Equity(double fraction) => $"{Math.Abs(fraction) * 100:0.00}%";

    private static string SignedEquity(double fraction) => $"{fraction * 100:+0.00;-0.00;0.00}%";
}
