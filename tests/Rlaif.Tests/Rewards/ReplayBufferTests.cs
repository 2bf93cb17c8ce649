using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class ReplayBufferTests
{
    private static readonly IReadOnlyList<SettledCandidate> Candidates = SharedModel.Later.Candidates;

    [Fact]
    public void Keep_UntilFull_HoldsTheInputsAndWeightsOfEveryPair()
    {
        const int Capacity = 4;
        var buffer = new ReplayBuffer(SharedModel.Model, Capacity, new DeterministicRandom(1));
        for (int i = 0; i < Capacity; i++)
        {
            Assert.Equal(i, buffer.Count);
            buffer.Hold(Candidates[2 * i], Candidates[(2 * i) + 1], weight: i + 0.5);
            AssertHolds(buffer, buffer.Newest, 2 * i, (2 * i) + 1, i + 0.5);
            buffer.Keep();
        }

        for (int i = 0; i < Capacity; i++)
        {
            AssertHolds(buffer, i, 2 * i, (2 * i) + 1, i + 0.5);
        }
    }

    [Fact]
    public void Keep_WhenFull_ReplacesAWholePairOrNone()
    {
        const int Capacity = 3;
        var buffer = new ReplayBuffer(SharedModel.Model, Capacity, new DeterministicRandom(2));
        for (int i = 0; i < 30; i++)
        {
            buffer.Hold(Candidates[i], Candidates[i + 1], weight: i);
            buffer.Keep();
            for (int place = 0; place < buffer.Count; place++)
            {
                int kept = (int)buffer.Data.Pairs[place].Weight;
                AssertHolds(buffer, place, kept, kept + 1, kept);
            }
        }

        Assert.Equal(Capacity, buffer.Count);
    }

    private static void AssertHolds(ReplayBuffer buffer, int place, int chosen, int rejected, double weight)
    {
        ScoredPair pair = buffer.Data.Pairs[place];
        Assert.Equal(weight, pair.Weight);
        Assert.Equal(Inputs(buffer.Data, pair.Chosen), Inputs(Of(chosen), 0));
        Assert.Equal(Inputs(buffer.Data, pair.Rejected), Inputs(Of(rejected), 0));
    }

    /// <summary>One candidate as training data of its own.</summary>
    private static TrainingData Of(int candidate)
    {
        RewardModel model = SharedModel.Model;
        SettledCandidate settled = Candidates[candidate];
        float[] numerical = new float[model.Schema.Columns.Count];
        model.Features.Build(settled.Context, settled.Candidate, numerical);
        float[] text = new float[model.Encoder.Dimensions];
        model.Encoder.Encode(RewardModel.TextOf(settled.Candidate), text);
        model.TextScaler.Apply(text);
        return new TrainingData(
            numerical,
            numerical.Length,
            model.Features.ExposureColumn,
            new TextVectors(text, text.Length, [0]),
            []
        );
    }

    private static float[] Inputs(TrainingData data, int candidate)
    {
        NetworkArchitecture architecture = SharedModel.Model.Architecture;
        var workspace = new NetworkWorkspace(architecture, 1, training: false);
        data.CopyTo(workspace, candidate, 0);
        return
        [
            .. workspace.Numerical.Row(0, architecture.NumericalDim).ToArray(),
            .. workspace.Text.Row(0, architecture.TextDim).ToArray(),
        ];
    }
}
