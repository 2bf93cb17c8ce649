namespace Rlaif.Decisions.RuleBased;

/// <summary>
/// How a rule-based analyst answers the others. It compares the confidence-weighted view of the others with its own, answers the one
/// who disagrees most weightily, and either gives way by a bounded step or, with the firmer facts, stands or firms up.
/// Steps shrink with the square of the round, so that a debate settles.
/// </summary>
internal static class Rebuttal
{
    /// <summary>Largest move of a score in the first round.</summary>
    internal const double MaxMove = 0.15;

    private const double MaxFirming = 0.05;
    private const double NoFacts = 0.1;
    private const double SameView = 0.1;
    private const double FirmerBy = 0.1;
    private const double DoubtFactor = 0.95;
    private const double SupportFactor = 1.05;
    private const double MaxConfidence = 0.95;
    private const int MaxPointLength = 200;

    /// <summary>The answer in one round.</summary>
    internal static DebateTurn Answer(AnalystReport own, IReadOnlyList<AnalystReport> others, int round)
    {
        AnalystReport[] heard = [.. others.Where(o => o.Confidence >= NoFacts).OrderBy(o => o.Role)];
        if (own.Confidence < NoFacts)
        {
            return Turn(
                own,
                own.Score,
                own.Confidence,
                round,
                "I have no facts of my own to set against the others and leave the call to them."
            );
        }

        if (heard.Length == 0)
        {
            return Turn(own, own.Score, own.Confidence, round, "Nobody else brings facts; I keep my view.");
        }

        double weight = heard.Sum(o => o.Confidence);
        double gap = (heard.Sum(o => o.Confidence * o.Score) / weight) - own.Score;
        if (Math.Abs(gap) <= SameView)
        {
            return Agree(own, heard, round);
        }

        // Of those on the far side of the gap, the one whose confidence times distance is largest.
        AnalystReport opponent = heard.MaxBy(o => o.Confidence * (o.Score - own.Score) * Math.Sign(gap))!;
        return own.Confidence >= opponent.Confidence + FirmerBy
            ? Stand(own, opponent, round)
            : GiveWay(own, opponent, gap, weight / heard.Length, round);
    }

    private static DebateTurn Agree(AnalystReport own, AnalystReport[] heard, int round)
    {
        AnalystReport ally = heard.MinBy(o => Math.Abs(o.Score - own.Score) - o.Confidence)!;
        string statement =
            Point(ally, round) is { } point && round == 1
                ? $"{Name(ally)} and I read the situation alike: {point}. I keep my view at {Wording.Signed(own.Score)}."
                : $"{Name(ally)} and I are close enough; I keep my view at {Wording.Signed(own.Score)}.";
        // Support makes surer, up to a limit that a claim already beyond it keeps.
        double confidence = Math.Min(own.Confidence * SupportFactor, Math.Max(own.Confidence, MaxConfidence));
        return Turn(own, own.Score, confidence, round, statement);
    }

    private static DebateTurn Stand(AnalystReport own, AnalystReport opponent, int round)
    {
        bool opposed = own.Score * opponent.Score < 0;
        double firming = opposed ? Math.Sign(own.Score) * MaxFirming / (round * round) : 0;
        double after = Math.Clamp(own.Score + firming, -1, 1);
        string argument = Point(opponent, round) is { } point
            ? $"{Name(opponent)} argues: {point}."
            : $"{Name(opponent)} brings nothing new.";
        string answer = Point(own, round) is { } fact ? $": {fact}" : string.Empty;
        string verb = opposed
            ? $"firm up from {Wording.Signed(own.Score)} to {Wording.Signed(after)}"
            : $"stand at {Wording.Signed(own.Score)}";
        return Turn(
            own,
            after,
            own.Confidence,
            round,
            $"{argument} My facts are firmer ({Wording.Plain(own.Confidence)} against {Wording.Plain(opponent.Confidence)}){answer}. I {verb}."
        );
    }

    private static DebateTurn GiveWay(AnalystReport own, AnalystReport opponent, double gap, double othersConfidence, int round)
    {
        double openness = othersConfidence / (othersConfidence + own.Confidence);
        double step = Math.Clamp(gap * openness, -MaxMove, MaxMove) / (round * round);
        double after = Math.Clamp(own.Score + step, -1, 1);
        bool opposed = own.Score * opponent.Score < 0;
        string concession = opposed ? "speaks against my view" : "asks for a different weight than mine";
        string argument = (Point(opponent, round), round) switch
        {
            (null, _) => $"{Name(opponent)} has said it all, and I cannot refute it.",
            ({ } point, 1) => $"{Name(opponent)}'s point {concession}: {point}.",
            ({ } point, _) => $"{Name(opponent)} adds: {point}.",
        };
        string size = round == 1 ? string.Empty : ", a smaller step than before";
        return Turn(
            own,
            after,
            opposed ? own.Confidence * DoubtFactor : own.Confidence,
            round,
            $"{argument} I move from {Wording.Signed(own.Score)} to {Wording.Signed(after)}{size}."
        );
    }

    /// <summary>
    /// The point that is answered in a round: the first argument in round 1, the next one in round 2, and so on; null when there is no
    /// further one. Quoted headlines and what speaks against its own report are not arguments.
    /// </summary>
    private static string? Point(AnalystReport report, int round)
    {
        string? point = report.Reasoning.Where(r => !Headlines.IsStep(r) && !Evidence.IsAgainst(r)).ElementAtOrDefault(round - 1);
        return point is null ? null : Headlines.Clean(point, MaxPointLength).TrimEnd('.');
    }

    private static string Name(AnalystReport report) => report.Role.ToString();

    private static DebateTurn Turn(AnalystReport own, double score, double confidence, int round, string statement) =>
        new()
        {
            Round = round,
            Role = own.Role,
            ScoreBefore = own.Score,
            ScoreAfter = score,
            ConfidenceBefore = own.Confidence,
            ConfidenceAfter = confidence,
            Statement = statement,
        };
}
