using System.Text.Json.Nodes;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Tests.Cli;

[Collection(LearningHome.Collection)]
public sealed class RecordedPairsTests(LearningHome home)
{
    [Fact]
    public async Task CountNewSince_ATrainingOfTodayOnOldDecisions_CountsWhatItDidNotUse()
    {
        await using Ledger ledger = await LearningHome.OpenAsync(home.Home);
        CancellationToken token = TestContext.Current.CancellationToken;
        var data = new RecordedPairs(
            new PreferenceOptions(),
            await SettledCandidates.LoadAsync(ledger, null, null, token),
            await ledger.ReadAsync<PreferencePair>(cancellationToken: token)
        );
        ModelVersion trained = await new ModelRegistry(Path.Combine(home.Home, "models")).GetAsync("v0001", token);
        Assert.Equal(data.Pairs.Count, data.CountNewSince(null));
        Assert.Equal(0, data.CountNewSince(trained));

        // As if it had been judged on the first of its dates only, and the rest had been decided and settled since.
        JsonObject details = trained.Details!.DeepClone().AsObject();
        JsonNode side = details["split"]!["validation"]!;
        var last = DateOnly.Parse(side["first_date"]!.GetValue<string>());
        side["last_date"] = side["first_date"]!.GetValue<string>();
        var dates = data.Settled.ToDictionary(s => s.Candidate.CandidateId, s => s.Context.Date);
        int later = data.Pairs.Count(p => dates[p.ChosenId] > last || dates[p.RejectedId] > last);
        Assert.True(later > 0);
        Assert.Equal(later, data.CountNewSince(trained with { Details = details }));

        // Without its dates there is only the time at which it was trained.
        ModelVersion bare = trained with
        {
            Details = null,
        };
        Assert.Equal(0, data.CountNewSince(bare));
        Assert.Equal(data.Pairs.Count, data.CountNewSince(bare with { CreatedAt = DateTimeOffset.MinValue }));
    }
}
