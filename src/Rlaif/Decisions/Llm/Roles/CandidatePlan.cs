using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>How one candidate is asked for: the same moment, seed and index give the same plan in every run.</summary>
/// <param name="Variety">What is recorded.</param>
/// <param name="Weights">How reports, horizon and boldness are weighed, in words.</param>
/// <param name="Side">The action that must be argued; null when the choice is free.</param>
internal sealed record CandidatePlan(CandidateVariety Variety, string Weights, TradeAction? Side)
{
    private const int Seeds = 1_000_000;
    private const double NoLeaning = 1e-9;
    private const double SlightHorizon = 0.1;

    private static readonly double[] Temperatures = [0.5, 0.7, 0.9, 1.0];

    /// <summary>The plan of a candidate. The one at 0 is the static baseline: nothing is withheld and nothing is drawn.</summary>
    /// <param name="index">Index of the candidate.</param>
    /// <param name="snapshot">The moment.</param>
    /// <param name="options">Seed.</param>
    /// <param name="reports">Closing reports; a contrarian argues against their mean.</param>
    /// <param name="evidence">Ids of reports, headlines and passages, of which one may be withheld.</param>
    /// <param name="takesTemperature">Whether the model can be made to vary by temperature.</param>
    internal static CandidatePlan At(
        int index,
        MarketSnapshot snapshot,
        ManagerOptions options,
        IReadOnlyList<AnalystReport> reports,
        IReadOnlyList<string> evidence,
        bool takesTemperature
    )
    {
        DeterministicRandom random = new DeterministicRandom(options.Seed).Fork(
            $"{snapshot.Symbol}/{snapshot.AsOf.UtcTicks}/{index}"
        );
        Stance stance = StanceBook.At(index, random);
        bool isBaseline = index == 0;
        TradeAction? side = stance.Kind == StanceKind.Contrarian ? Against(reports, random) : null;
        bool draws = !isBaseline && !takesTemperature;
        string[] withheld = draws && evidence.Count > 0 ? [evidence[random.NextInt(evidence.Count)]] : [];
        var variety = new CandidateVariety
        {
            Persona = stance.Name,
            Temperature =
                !takesTemperature ? null
                : isBaseline ? 0
                : Temperatures[(index - 1) % Temperatures.Length],
            Withheld = withheld,
            Seed = draws ? random.NextInt(Seeds) : null,
        };
        return new CandidatePlan(variety, isBaseline ? "all reports alike" : Describe(stance), side);
    }

    // Without a leaning of the desk the side is a matter of chance: any fixed choice would be a bias.
    private static TradeAction Against(IReadOnlyList<AnalystReport> reports, DeterministicRandom random)
    {
        double leaning = reports.Sum(r => r.Score * r.Confidence);
        bool buys = Math.Abs(leaning) > NoLeaning ? leaning < 0 : random.NextInt(2) == 0;
        return buys ? TradeAction.Buy : TradeAction.Sell;
    }

    private static string Describe(Stance stance)
    {
        IEnumerable<string> weights = stance.RoleWeights.Select(
            (weight, role) => $"{((AnalystRole)role).ToString().ToLowerInvariant()} {weight:0.0}"
        );
        string horizon =
            stance.Horizon > SlightHorizon ? "the last sessions count"
            : stance.Horizon < -SlightHorizon ? "the price against its long past counts"
            : "neither short nor long";
        return $"{string.Join(", ", weights)}, others 1.0; horizon: {horizon}; boldness {stance.Boldness:0.0} times the usual size, within the limit";
    }
}
