using System.IO.Compression;
using System.Runtime.CompilerServices;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

/// <summary>Ten steps of training against those that PyTorch takes from the same weights: <c>Reference/make_reference.py</c> made the file.</summary>
public sealed class TorchReferenceTests
{
    private const int Candidates = 12;
    private const int Texts = 6;
    private const int TextDim = 7;
    private const int Pairs = 20;
    private const int Batch = 8;
    private const int Steps = 10;
    private const double LearningRate = 1e-3;
    private const double Tolerance = 1e-5;

    private static readonly NetworkArchitecture Architecture = new()
    {
        NumericalDim = 11,
        TextDim = TextDim,
        HiddenDims = [8, 6, 4],
    };
    private static readonly TrainingOptions Options = new()
    {
        BatchSize = Batch,
        LearningRate = LearningRate,
        WeightDecay = 10,
        GradientClip = 1,
        CenteringCoefficient = 0.01,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_TenStepsOfPyTorch_AreReproduced(int threads)
    {
        SafetensorsFile reference = Read();
        float[] initial = reference.Floats("initial", Architecture.ParameterCount);
        var network = new RewardNetwork(Architecture, [.. initial]);
        using var team = new WorkTeam(threads);
        var step = new TrainingStep(network, Data(reference), Options, dropout: 0, team);
        float[] losses = reference.Floats("losses", Steps);
        float[] norms = reference.Floats("norms", Steps);
        for (int i = 0; i < Steps; i++)
        {
            int[] pairs = [.. Enumerable.Range(i * Batch, Batch).Select(p => p % Pairs)];
            PairLoss loss = step.Run(pairs, LearningRate, dropoutKey: 0, CancellationToken.None);
            Assert.Equal(losses[i], loss.Total, Tolerance);
            Assert.Equal(norms[i], step.GradientNorm, Tolerance);
        }

        float[] moved = reference.Floats("moved", Architecture.ParameterCount);
        Assert.All(moved.Index(), m => Assert.Equal(m.Item, network.Parameters[m.Index] - initial[m.Index], Tolerance));

        // Clipping matters in some steps and not in others, and the way was long enough to tell one optimizer from another.
        Assert.Contains(norms, n => n > Options.GradientClip);
        Assert.Contains(norms, n => n < Options.GradientClip);
        Assert.True(moved.Max(Math.Abs) > 1000 * Tolerance);
    }

    private static SafetensorsFile Read([CallerFilePath] string path = "")
    {
        string file = Path.Combine(Path.GetDirectoryName(path)!, "Reference", "torch_steps.safetensors.gz");
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return SafetensorsFile.Parse(bytes.ToArray());
    }

    /// <summary>The candidates of the script, through features and texts that nothing scales.</summary>
    private static TrainingData Data(SafetensorsFile reference)
    {
        SettledCandidate[] candidates = CandidatesOf(reference);
        PreferencePair like = new PlantedPreferences().Create(0, 1).Pairs[0];
        var data = new PreferenceDataset(
            candidates,
            candidates
                .Skip(1)
                .Select(c => like with { ChosenId = candidates[0].Candidate.CandidateId, RejectedId = c.Candidate.CandidateId })
        );
        var features = new FeatureBuilder(
            new FeatureScaler
            {
                MarketNames = ["m0", "m1"],
                MarketMeans = [0, 0],
                MarketDeviations = [1, 1],
                MissingNames = [],
                ConstantNames = [],
                NamesVary = false,
                Interactions = [],
                CandidateMeans = new double[CandidateFeatures.Count],
                CandidateDeviations = [.. Enumerable.Repeat(1.0, CandidateFeatures.Count)],
            }
        );
        TextVectors texts = TextVectors.Encode(
            data,
            new TableEncoder(reference.Floats("texts", Texts * TextDim)),
            new WorkTeam(1)
        );
        float[] weights = reference.Floats("weight", Pairs);
        float[] margins = reference.Floats("margin", Pairs);
        float[] chosen = reference.Floats("chosen", Pairs);
        float[] rejected = reference.Floats("rejected", Pairs);
        return TrainingData
            .Create(data, features, texts, [.. data.Pairs.Select(_ => 1.0)], new WorkTeam(1))
            .With([
                .. Enumerable
                    .Range(0, Pairs)
                    .Select(i => new ScoredPair((int)chosen[i], (int)rejected[i], weights[i], margins[i])),
            ]);
    }

    private static SettledCandidate[] CandidatesOf(SafetensorsFile reference)
    {
        float[] market = reference.Floats("market", 2 * Candidates);
        float[] sides = reference.Floats("side", Candidates);
        float[] sizes = reference.Floats("size", Candidates);
        float[] scores = reference.Floats("score", Candidates);
        float[] confidences = reference.Floats("confidence", Candidates);
        SettledCandidate[] like =
        [
            .. new PlantedPreferences()
                .Create(0, Candidates)
                .Candidates.DistinctBy(c => c.Context.ContextId, StringComparer.Ordinal),
        ];
        return
        [
            .. like.Select(
                (settled, i) =>
                    settled with
                    {
                        Context = settled.Context with
                        {
                            Features = new Dictionary<string, double?>(StringComparer.Ordinal)
                            {
                                ["m0"] = market[2 * i],
                                ["m1"] = market[(2 * i) + 1],
                            },
                        },
                        Candidate = settled.Candidate with
                        {
                            Action =
                                sides[i] > 0 ? TradeAction.Buy
                                : sides[i] < 0 ? TradeAction.Sell
                                : TradeAction.Hold,
                            PositionSize = sizes[i],
                            Score = scores[i],
                            Confidence = confidences[i],
                            Analysis = $"{i % Texts}",
                            Reasoning = [],
                        },
                    }
            ),
        ];
    }

    /// <summary>Encodes the text "3" as row 3.</summary>
    private sealed class TableEncoder(float[] table) : ITextEncoder
    {
        public string Id => "table";

        public int Dimensions => TextDim;

        public void Encode(string text, Span<float> destination) =>
            table.AsSpan(int.Parse(text) * TextDim, TextDim).CopyTo(destination);
    }
}
