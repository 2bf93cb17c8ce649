namespace Rlaif.Decisions.RuleBased;

/// <summary>
/// Facts gathered for one report. Each says in a sentence what it is, which way it points in [-1, 1], and how much it counts.
/// The score is their weighted mean; confidence is low where facts are missing, faint or in conflict.
/// </summary>
internal sealed class Evidence
{
    private const double BaseConfidence = 0.25;
    private const double AgreementConfidence = 0.6;
    private const double Epsilon = 1e-12;

    private readonly List<(string Sentence, double Direction, double Weight)> _facts = [];
    private readonly List<string> _remarks = [];
    private double _missingWeight;

    /// <summary>Adds a fact.</summary>
    internal void Add(double weight, double direction, string sentence) =>
        _facts.Add((sentence, Math.Clamp(direction, -1, 1), weight));

    /// <summary>Notes that a fact of this weight is not to be had.</summary>
    internal void Miss(double weight) => _missingWeight += weight;

    /// <summary>Adds a sentence that points neither way.</summary>
    internal void Remark(string sentence) => _remarks.Add(sentence);

    /// <summary>Whether there is no fact at all.</summary>
    internal bool IsEmpty => _facts.Count == 0;

    /// <summary>Weighted mean of the directions, in [-1, 1]; 0 without facts.</summary>
    internal double Score
    {
        get
        {
            double weight = _facts.Sum(f => f.Weight);
            return weight <= Epsilon ? 0 : Math.Clamp(_facts.Sum(f => f.Weight * f.Direction) / weight, -1, 1);
        }
    }

    /// <summary>In [0, 1]: the share of facts that are there, times how much they agree and how loud they are.</summary>
    internal double Confidence
    {
        get
        {
            double present = _facts.Sum(f => f.Weight);
            double loudness = _facts.Sum(f => f.Weight * Math.Abs(f.Direction));
            if (present <= Epsilon)
            {
                return 0;
            }

            double agreement = loudness <= Epsilon ? 0 : Math.Abs(_facts.Sum(f => f.Weight * f.Direction)) / loudness;
            double coverage = present / (present + _missingWeight);
            return coverage * (BaseConfidence + (AgreementConfidence * agreement * Math.Sqrt(loudness / present)));
        }
    }

    /// <summary>The sentences: what carries the score, strongest first; then what speaks against it; then remarks.</summary>
    internal List<string> Sentences()
    {
        int side = Score < 0 ? -1 : 1;
        List<string> sentences = [];
        foreach (
            (string sentence, double direction, double weight) in _facts.OrderByDescending(f => f.Weight * f.Direction * side)
        )
        {
            sentences.Add(direction * side < 0 ? Against(sentence) : sentence);
        }

        return [.. sentences, .. _remarks];
    }

    /// <summary>Whether a step of reasoning speaks against the report that it stands in.</summary>
    internal static bool IsAgainst(string step) => step.StartsWith(AgainstPrefix, StringComparison.Ordinal);

    private const string AgainstPrefix = "Against that: ";

    private static string Against(string sentence) => AgainstPrefix + sentence;
}
