using System.Text.Json;
using CsCheck;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.RuleBased;

namespace Rlaif.Tests.Decisions;

public sealed class DebateModeratorTests
{
    private const double Tolerance = 0.03;

    private static readonly IAnalyst[] Team =
    [
        new FundamentalAnalyst(),
        new SentimentAnalyst(),
        new TechnicalAnalyst(),
        new RiskAnalyst(),
    ];

    private static readonly Gen<MarketSnapshot> Snapshots =
        from seed in Gen.Int[0, 1_000_000]
        from news in Gen.Bool
        from filings in Gen.Bool
        select SimulatedDesk.Snapshot(seed, 120, news, filings);

    [Fact]
    public void HoldAsync_AnyOrderOfAnalysts_GivesTheSameDebate()
    {
        Gen.Select(Snapshots, Gen.Shuffle(Team))
            .Sample(
                (snapshot, shuffled) => Assert.Equal(Json(Hold(Team, snapshot, 3)), Json(Hold(shuffled, snapshot, 3))),
                iter: 50
            );
    }

    [Fact]
    public void HoldAsync_AnyDebate_KeepsItsLaws()
    {
        Gen.Select(Snapshots, Gen.Int[0, 6])
            .Sample(
                (snapshot, rounds) =>
                {
                    Debate debate = Hold(Team, snapshot, rounds);
                    Dictionary<AnalystRole, AnalystReport> standing = debate.Opening.ToDictionary(r => r.Role);
                    DebateTurn[][] held = [.. debate.Turns.GroupBy(t => t.Round).Select(g => g.ToArray())];
                    for (int i = 0; i < held.Length; i++)
                    {
                        Assert.All(held[i], t => Assert.Equal(i + 1, t.Round));
                        Assert.Equal(debate.Opening.Select(r => r.Role), held[i].Select(t => t.Role));
                        foreach (DebateTurn turn in held[i])
                        {
                            Assert.Equal(standing[turn.Role].Score, turn.ScoreBefore);
                            Assert.Equal(standing[turn.Role].Confidence, turn.ConfidenceBefore);
                            Assert.InRange(Math.Abs(turn.ScoreAfter - turn.ScoreBefore), 0, (0.15 / ((i + 1) * (i + 1))) + 1e-12);
                            Assert.InRange(turn.ScoreAfter, -1, 1);
                            Assert.InRange(turn.ConfidenceAfter, 0, 1);
                            Assert.NotEmpty(turn.Statement);
                            standing[turn.Role] = standing[turn.Role] with
                            {
                                Score = turn.ScoreAfter,
                                Confidence = turn.ConfidenceAfter,
                            };
                        }

                        bool still = held[i].All(t => Math.Abs(t.ScoreAfter - t.ScoreBefore) <= Tolerance);
                        Assert.Equal(i == held.Length - 1 && debate.Converged, still);
                    }

                    Assert.True(debate.Converged || held.Length == rounds);
                    Assert.Equal(Json(standing.Values.OrderBy(r => r.Role)), Json(debate.Closing));
                },
                iter: 150
            );
    }

    [Fact]
    public void HoldAsync_ManyRounds_Settles()
    {
        Snapshots.Sample(
            snapshot =>
            {
                Debate debate = Hold(Team, snapshot, 10);
                Assert.True(debate.Converged);
                Assert.InRange(debate.Turns.Max(t => t.Round), 1, 3);
            },
            iter: 50
        );
    }

    [Fact]
    public void HoldAsync_NoRounds_ClosesAsItOpened()
    {
        Debate debate = Hold(Team, SimulatedDesk.Snapshot(1), 0);
        Assert.Empty(debate.Turns);
        Assert.False(debate.Converged);
        Assert.Equal(Json(debate.Opening), Json(debate.Closing));
    }

    [Fact]
    public async Task HoldAsync_AnalystOutOfRange_Throws()
    {
        foreach ((double score, double confidence) in new[] { (1.2, 0.5), (double.NaN, 0.5), (0.1, -0.1), (0.1, double.NaN) })
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () =>
                await DebateModerator.HoldAsync([new FixedAnalyst(score, confidence)], SimulatedDesk.Snapshot(1), 1, Tolerance)
            );
        }
    }

    private static Debate Hold(IReadOnlyList<IAnalyst> team, MarketSnapshot snapshot, int rounds) =>
        DebateModerator.HoldAsync(team, snapshot, rounds, Tolerance).AsTask().GetAwaiter().GetResult();

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, RlaifJson.Compact);

    private sealed class FixedAnalyst(double score, double confidence) : IAnalyst
    {
        public AnalystRole Role => AnalystRole.Risk;

        public ValueTask<AnalystReport?> AnalyzeAsync(MarketSnapshot snapshot, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<AnalystReport?>(
                new AnalystReport
                {
                    Role = Role,
                    Score = score,
                    Confidence = confidence,
                    Analysis = "fixed",
                    Reasoning = [],
                }
            );

        public ValueTask<DebateTurn?> AnswerAsync(
            MarketSnapshot snapshot,
            AnalystReport own,
            IReadOnlyList<AnalystReport> others,
            int round,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException();
    }
}
