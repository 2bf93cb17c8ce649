using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Rewards;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class OnnxExportTests : IDisposable
{
    private const double Tolerance = 1e-5;
    private const int TextDim = 64;

    private static readonly string[] Words = ["trend", "volume", "earnings", "gap", "rally", "risk", "hold", "breakout"];
    private static readonly TradeAction[] Actions = [TradeAction.Buy, TradeAction.Sell, TradeAction.Hold];

    private readonly string _folder = Directory.CreateTempSubdirectory("rlaif-onnx-").FullName;

    private string OnnxPath => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(5, RewardRanking.MeanMinusDeviation)]
    [InlineData(3, RewardRanking.Min)]
    [InlineData(2, RewardRanking.Mean)]
    [InlineData(1, RewardRanking.MeanMinusDeviation)]
    public async Task ExportOnnx_TenThousandRandomInputs_EqualsOurScores(int members, RewardRanking ranking)
    {
        RewardModel model = RandomModel(members, ranking);
        await model.ExportOnnxAsync(OnnxPath, TestContext.Current.CancellationToken);
        var random = new DeterministicRandom(members);
        (DecisionContext, Candidate)[] inputs = [.. Enumerable.Range(0, 10_000).Select(i => RandomInput(i, random))];
        AssertEqual(model.EstimateAll(inputs), Run(model, inputs));
    }

    [Fact]
    public async Task ExportOnnx_TrainedModel_EqualsOurScoresAloneAndTogether()
    {
        RewardModel model = SharedModel.Model;
        await model.ExportOnnxAsync(OnnxPath, TestContext.Current.CancellationToken);
        (DecisionContext, Candidate)[] inputs = [.. SharedModel.Later.Candidates.Select(c => (c.Context, c.Candidate))];
        RewardEstimate[] ours = model.EstimateAll(inputs);
        AssertEqual(ours, Run(model, inputs));
        AssertEqual(ours[..1], Run(model, inputs[..1]));
        Assert.True(ours.Select(e => e.Deviation).Distinct().Count() > 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExportOnnx_NoMarketFeatureThatVaries_EqualsOurScores(bool hasConstant)
    {
        FeatureScaler scaler = RandomScaler() with
        {
            MarketNames = [],
            MarketMeans = [],
            MarketDeviations = [],
            MissingNames = [],
            Interactions = [],
            ConstantNames = hasConstant ? ["constant"] : [],
            NamesVary = true,
        };
        RewardModel model = RandomModel(2, RewardRanking.MeanMinusDeviation, scaler);
        await model.ExportOnnxAsync(OnnxPath, TestContext.Current.CancellationToken);
        var random = new DeterministicRandom(1);
        (DecisionContext, Candidate)[] inputs = [.. Enumerable.Range(0, 100).Select(i => RandomInput(i, random))];
        AssertEqual(model.EstimateAll(inputs), Run(model, inputs));
    }

    [Fact]
    public async Task ExportOnnx_Metadata_TellsHowToFeedIt()
    {
        RewardModel model = RandomModel(2, RewardRanking.Mean);
        await model.ExportOnnxAsync(OnnxPath, TestContext.Current.CancellationToken);
        using var session = new InferenceSession(OnnxPath);
        Dictionary<string, string> metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(model.MarketFeatureNames, JsonSerializer.Deserialize<string[]>(metadata["market_features"]));
        Assert.Equal(model.Encoder.Id, metadata["encoder"]);
        Assert.Equal(model.Schema.Version, metadata["schema_version"]);
        Assert.Equal(model.Schema.Columns, JsonSerializer.Deserialize<FeatureColumn[]>(metadata["schema"], RlaifJson.Compact));
        Assert.Equal("1.75", metadata["temperature"]);
        Assert.Equal("mean", metadata["ranking"]);
        Assert.Equal(model.Fingerprint, metadata["fingerprint"]);
        Assert.Equal(["market", "candidate", "text"], session.InputNames.OrderBy(n => n == "text").ThenBy(n => n == "candidate"));
        Assert.Equal(["reward", "mean", "deviation"], session.OutputNames);
        Assert.Equal([-1, TextDim], session.InputMetadata["text"].Dimensions);
    }

    [Fact]
    public async Task ExportOnnx_Twice_WritesTheSameBytesAndLeavesNothingElse()
    {
        RewardModel model = SharedModel.Model;
        await model.ExportOnnxAsync(OnnxPath, TestContext.Current.CancellationToken);
        byte[] first = await File.ReadAllBytesAsync(OnnxPath, TestContext.Current.CancellationToken);
        await model.ExportOnnxAsync(OnnxPath, TestContext.Current.CancellationToken);
        Assert.Equal(first, await File.ReadAllBytesAsync(OnnxPath, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_folder));
    }

    private static void AssertEqual(RewardEstimate[] ours, (double[] Reward, double[] Mean, double[] Deviation) theirs)
    {
        Assert.Equal(ours.Length, theirs.Reward.Length);
        for (int i = 0; i < ours.Length; i++)
        {
            double tolerance = Tolerance * Math.Max(1, Math.Abs(ours[i].Mean));
            Assert.Equal(ours[i].Reward, theirs.Reward[i], tolerance);
            Assert.Equal(ours[i].Mean, theirs.Mean[i], tolerance);
            Assert.Equal(ours[i].Deviation, theirs.Deviation[i], tolerance);
        }
    }

    /// <summary>Scores by ONNX Runtime, fed as docs/onnx.md says.</summary>
    private (double[] Reward, double[] Mean, double[] Deviation) Run(
        RewardModel model,
        (DecisionContext Context, Candidate Candidate)[] inputs
    )
    {
        string[] names = [.. model.MarketFeatureNames];
        var market = new DenseTensor<double>([inputs.Length, names.Length]);
        var candidate = new DenseTensor<double>([inputs.Length, 4]);
        var text = new DenseTensor<float>([inputs.Length, model.Architecture.TextDim]);
        for (int i = 0; i < inputs.Length; i++)
        {
            (DecisionContext context, Candidate proposal) = inputs[i];
            for (int j = 0; j < names.Length; j++)
            {
                market[i, j] = context.Features.GetValueOrDefault(names[j]) ?? double.NaN;
            }

            candidate[i, 0] = proposal.Action switch
            {
                TradeAction.Buy => 1,
                TradeAction.Sell => -1,
                _ => 0,
            };
            candidate[i, 1] = proposal.PositionSize;
            candidate[i, 2] = proposal.Score;
            candidate[i, 3] = proposal.Confidence;
            string spoken = string.Join('\n', [proposal.Analysis, .. proposal.Reasoning]);
            model.Encoder.Encode(spoken, text.Buffer.Span.Slice(i * model.Architecture.TextDim, model.Architecture.TextDim));
        }

        List<NamedOnnxValue> feed =
        [
            NamedOnnxValue.CreateFromTensor("candidate", candidate),
            NamedOnnxValue.CreateFromTensor("text", text),
        ];
        if (names.Length > 0)
        {
            feed.Add(NamedOnnxValue.CreateFromTensor("market", market));
        }

        using var session = new InferenceSession(OnnxPath);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> found = session.Run(feed);
        double[] Of(string name) => [.. found.Single(f => f.Name == name).AsEnumerable<double>()];
        return (Of("reward"), Of("mean"), Of("deviation"));
    }

    private static FeatureScaler RandomScaler() =>
        new()
        {
            MarketNames = ["alpha", "beta", "gamma", "rsi(14)"],
            MarketMeans = [0.5, -3, 1e6, 50],
            MarketDeviations = [0.1, 2, 1e5, 12],
            MissingNames = ["beta", "constant", "rsi(14)"],
            ConstantNames = ["constant"],
            NamesVary = false,
            Interactions = [new("alpha", "rsi(14)", 0.1, 1.1), new("gamma", "gamma", 1, 1.4)],
            CandidateMeans = [0, 0.05, 0, 0, 0.6, 0, 0],
            CandidateDeviations = [1, 0.03, 0.06, 0.4, 0.2, 0.4, 1],
        };

    private static RewardModel RandomModel(int members, RewardRanking ranking, FeatureScaler? scaler = null)
    {
        var random = new DeterministicRandom(11);
        var features = new FeatureBuilder(scaler ?? RandomScaler());
        var architecture = new NetworkArchitecture
        {
            NumericalDim = 40,
            TextDim = TextDim,
            HiddenDims = [32, 16],
        };
        RewardMember Member(int i)
        {
            var network = RewardNetwork.Create(architecture, random.Fork($"member/{i}"));
            foreach (DenseLayer layer in architecture.Layers)
            {
                foreach (ref float bias in network.Parameters.AsSpan(layer.BiasStart, layer.Outputs))
                {
                    bias = (float)(0.1 * random.NextGaussian());
                }
            }

            // The second of several has nothing to say: its deviation is 0.
            return new RewardMember(network, 0.02 * i, i == 1 ? 0 : 0.1 + (0.05 * i));
        }

        float[] means = [.. Enumerable.Range(0, TextDim).Select(_ => (float)(0.05 * random.NextGaussian()))];
        return new RewardModel(
            [.. Enumerable.Range(0, members).Select(Member)],
            features,
            new TextScaler(means, 8),
            new HashedTextEncoder(TextDim),
            SharedModel.Model.Metadata with
            {
                Temperature = 1.75,
                Model = new RewardModelOptions
                {
                    TextDim = TextDim,
                    Ranking = ranking,
                    DeviationPenalty = 1.5,
                },
            }
        );
    }

    private static (DecisionContext, Candidate) RandomInput(int number, DeterministicRandom random)
    {
        double? Value(double mean, double deviation) =>
            random.NextInt(10) switch
            {
                0 => null,
                1 => random.NextInt(2) == 0 ? DecisionContext.LargestFeature : -DecisionContext.LargestFeature,
                2 => 0,
                _ => mean + (deviation * random.NextGaussian()),
            };
        DecisionContext context = Preferences.SettledSamples.Context();
        return (
            context with
            {
                Features = new Dictionary<string, double?>
                {
                    ["alpha"] = Value(0.5, 0.1),
                    ["beta"] = Value(-3, 2),
                    ["constant"] = Value(7, 0),
                    ["gamma"] = Value(1e6, 1e5),
                    ["rsi(14)"] = Value(50, 12),
                },
            },
            RandomCandidate(context, number, random)
        );
    }

    private static Candidate RandomCandidate(DecisionContext context, int number, DeterministicRandom random)
    {
        string analysis = string.Join(' ', Enumerable.Range(0, random.NextInt(6)).Select(_ => Words[random.NextInt(8)]));
        double size = random.NextInt(5) == 0 ? 1 : 0.2 * random.NextDouble();
        double score = (2 * random.NextDouble()) - 1;
        return Preferences.SettledSamples.Candidate(context, number, Actions[random.NextInt(3)], size, score, analysis) with
        {
            Confidence = random.NextDouble(),
            Reasoning = [Words[random.NextInt(8)], Words[random.NextInt(8)]],
        };
    }
}
