using System.Collections.Immutable;

namespace Rlaif.Decisions;

/// <summary>
/// The stances of a context's candidates. The baseline never varies; the others vary around their character with the random numbers
/// that belong to their context and index.
/// </summary>
internal static class StanceBook
{
    private const double WeightSpread = 0.25;
    private const double MixedWeightSpread = 0.8;
    private const double MixedTiltSpread = 0.15;

    /// <summary>The stance of the candidate at <paramref name="index"/>.</summary>
    internal static Stance At(int index, DeterministicRandom random)
    {
        var kind = (StanceKind)Math.Min(index, (int)StanceKind.Mixed);
        // Weights in the order fundamental, sentiment, technical, risk.
        return kind switch
        {
            StanceKind.Balanced => new Stance { Kind = kind },
            StanceKind.Trend => Vary(
                new Stance
                {
                    Kind = kind,
                    RoleWeights = [0.2, 0.5, 1.5, 0.3],
                    Horizon = 0.4,
                    Boldness = 1.3,
                    Reluctance = 0,
                },
                random
            ),
            StanceKind.Contrarian => Vary(new Stance { Kind = kind, Boldness = 0.8 }, random),
            StanceKind.Value => Vary(
                new Stance
                {
                    Kind = kind,
                    RoleWeights = [1.5, 0.3, 0.15, 0.4],
                    Horizon = -0.5,
                    Reluctance = 0.75,
                },
                random
            ),
            StanceKind.Cautious => Vary(
                new Stance
                {
                    Kind = kind,
                    RoleWeights = [0.8, 0.5, 0.6, 1.5],
                    Boldness = 0.45,
                    Reluctance = 1.4,
                },
                random
            ),
            _ => Mix(random),
        };
    }

    private static Stance Vary(Stance stance, DeterministicRandom random) =>
        stance with
        {
            RoleWeights = Scatter(stance.RoleWeights, WeightSpread, random),
            Horizon = stance.Horizon * (0.7 + (0.6 * random.NextDouble())),
            Boldness = stance.Boldness * (0.8 + (0.4 * random.NextDouble())),
        };

    private static Stance Mix(DeterministicRandom random) =>
        new()
        {
            Kind = StanceKind.Mixed,
            RoleWeights = Scatter([1, 1, 1, 1], MixedWeightSpread, random),
            Horizon = (random.NextDouble() * 2) - 1,
            Boldness = 0.4 + (1.2 * random.NextDouble()),
            Tilt = MixedTiltSpread * random.NextGaussian(),
            Reluctance = 0.5 + random.NextDouble(),
        };

    private static ImmutableArray<double> Scatter(ImmutableArray<double> weights, double spread, DeterministicRandom random) =>
        [.. weights.Select(w => w * Math.Exp(spread * random.NextGaussian()))];
}
