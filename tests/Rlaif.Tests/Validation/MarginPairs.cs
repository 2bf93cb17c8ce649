using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tests.Validation;

/// <summary>One pair a date, of positions held for a day, whose rewards differ by a given margin, chosen minus rejected.</summary>
internal static class MarginPairs
{
    public static (PreferenceDataset Data, double[] Rewards) With(IReadOnlyList<double> margins)
    {
        SettledCandidate[][] contexts =
        [
            .. margins.Select(
                (_, i) =>
                    new[] { SettledData.Candidate("A", i, index: 0, hold: 1), SettledData.Candidate("A", i, index: 1, hold: 1) }
            ),
        ];
        var data = new PreferenceDataset(
            contexts.SelectMany(c => c),
            contexts.Select(
                (c, i) => SettledData.Pair(c[0], c[1], i % 2 == 0 ? PreferencePool.SameContext : PreferencePool.SameDate)
            )
        );
        return (data, [.. margins.SelectMany(m => new[] { m + 7, 7 })]);
    }
}
