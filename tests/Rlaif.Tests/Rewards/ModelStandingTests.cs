using CsCheck;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

public sealed class ModelStandingTests
{
    private const int Versions = 5;

    private static readonly Gen<ModelEvent[]> Histories = Gen.Select(Gen.Int[0, 4], Gen.Int[1, Versions], Gen.Int[0, 2])
        .Select(
            (action, version, tag) =>
                new ModelEvent
                {
                    At = DateTimeOffset.UnixEpoch,
                    Action = (ModelAction)action,
                    Version = ModelNames.Version(version),
                    Tag = $"t{tag}",
                }
        )
        .Array[0, 30];

    // The slow, obvious reading: a rollback strikes out itself and the last promotion that stands before it.
    private static List<string> Champions(IEnumerable<ModelEvent> history)
    {
        var standing = new List<ModelEvent>();
        foreach (ModelEvent happened in history)
        {
            if (happened.Action == ModelAction.Promote)
            {
                standing.Add(happened);
            }
            else if (happened.Action == ModelAction.Rollback)
            {
                standing = [.. standing.SkipLast(1)];
            }
        }

        return [.. standing.Select(e => e.Version)];
    }

    [Fact]
    public void After_AnyHistory_HasTheChampionAndTheOneBefore() =>
        Histories.Sample(history =>
        {
            var standing = ModelStanding.After(history);
            List<string> champions = Champions(history);
            Assert.Equal(champions.LastOrDefault(), standing.Champion);
            Assert.Equal(champions.SkipLast(1).LastOrDefault(), standing.Previous);
        });

    [Fact]
    public void StatusOf_AnyHistory_IsChampionForAtMostOneAndRetiredForThoseThatWere() =>
        Histories.Sample(history =>
        {
            var standing = ModelStanding.After(history);
            string[] versions = [.. Enumerable.Range(1, Versions).Select(ModelNames.Version)];
            Assert.Equal(
                standing.Champion is null ? [] : [standing.Champion],
                versions.Where(v => standing.StatusOf(v) == ModelStatus.Champion)
            );
            string[] touched =
            [
                .. history.Where(e => e.Action is ModelAction.Promote or ModelAction.Prune).Select(e => e.Version).Distinct(),
            ];
            Assert.Equal(
                touched.Where(v => v != standing.Champion).Order(),
                versions.Where(v => standing.StatusOf(v) == ModelStatus.Retired)
            );
        });

    [Fact]
    public void Tags_AnyHistory_AreThoseLastSetAndNotTaken() =>
        Histories.Sample(history =>
        {
            var standing = ModelStanding.After(history);
            foreach (string tag in (string[])["t0", "t1", "t2"])
            {
                ModelEvent? last = history.LastOrDefault(e => e.Tag == tag && (e.Action is ModelAction.Tag or ModelAction.Untag));
                Assert.Equal(last?.Action == ModelAction.Tag ? last.Version : null, standing.Tags.GetValueOrDefault(tag));
            }

            Assert.All(standing.Tags, t => Assert.Contains(t.Key, standing.TagsOf(t.Value)));
        });
}
