using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class DataHashTests
{
    private static readonly PreferenceDataset Data = new PlantedPreferences { Features = 3, Candidates = 3 }.Create(0, 4);
    private static readonly PreferenceDataset None = new([], []);

    [Fact]
    public void Of_EqualData_IsEqual() => Assert.Equal(DataHash.Of(Data, None), DataHash.Of(Rebuilt(c => c, p => p), None));

    [Fact]
    public void Of_AnyInputThatChanges_IsAnother()
    {
        PreferenceDataset[] changed =
        [
            Rebuilt(c => c with { Context = WithFeature(c.Context, 0.123) }, p => p),
            Rebuilt(c => c with { Context = WithFeature(c.Context, null) }, p => p),
            Rebuilt(c => c with { Candidate = c.Candidate with { Analysis = c.Candidate.Analysis + "." } }, p => p),
            Rebuilt(c => c with { Candidate = c.Candidate with { Confidence = 0.123 } }, p => p),
            Rebuilt(c => c, p => p with { Confidence = 0.789 }),
            Rebuilt(c => c, p => p with { OutcomeMargin = p.OutcomeMargin + 1 }),
            Rebuilt(c => c, p => p with { KnownAt = p.KnownAt.AddTicks(1) }),
            Rebuilt(c => c, p => p with { ChosenId = p.RejectedId, RejectedId = p.ChosenId }),
        ];
        string[] hashes = [DataHash.Of(Data, None), DataHash.Of(None, Data), .. changed.Select(c => DataHash.Of(c, None))];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.All(hashes, h => Assert.Equal(64, h.Length));
    }

    private static PreferenceDataset Rebuilt(
        Func<SettledCandidate, SettledCandidate> candidate,
        Func<PreferencePair, PreferencePair> pair
    ) => new(Data.Candidates.Select(candidate), [.. Data.Pairs.Select(pair)]);

    private static DecisionContext WithFeature(DecisionContext context, double? value) =>
        context with
        {
            Features = context.Features.ToDictionary(f => f.Key, f => f.Key == "f01" ? value : f.Value),
        };
}
