using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

public sealed class RewardModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlaif-model-").FullName;

    private string ModelPath => Path.Combine(_folder, "model.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ScoreAll_AloneOrTogether_GivesTheSameBits()
    {
        RewardModel model = SharedModel.Model;
        (DecisionContext Context, Candidate Candidate)[] all =
        [
            .. SharedModel.Later.Candidates.Select(c => (c.Context, c.Candidate)),
        ];
        double[] together = model.ScoreAll(all);
        Assert.True(together.Distinct().Count() > all.Length / 2);
        Assert.Equal(together, all.Select(c => model.Score(c.Context, c.Candidate)));
        Assert.Equal(together.Reverse(), model.ScoreAll([.. all.Reverse()]));
    }

    [Fact]
    public void Score_TextsProjectedBefore_IsWhatTheNetworksSayOfItsInputs()
    {
        RewardModel model = SharedModel.Model;
        float[] numerical = new float[model.Schema.Columns.Count];
        float[] text = new float[model.Architecture.TextDim];
        foreach (SettledCandidate settled in SharedModel.Later.Candidates)
        {
            model.Features.Build(settled.Context, settled.Candidate, numerical);
            model.Encoder.Encode(RewardModel.TextOf(settled.Candidate), text);
            model.TextScaler.Apply(text);
            float side = numerical[model.Features.ExposureColumn];
            double expected = model.Forward(numerical, [.. text.Select(v => v * side)]);
            Assert.Equal(expected, model.Score(settled.Context, settled.Candidate), 1e-5);
        }
    }

    [Fact]
    public void MemberScores_OfAnEnsemble_AreWhatItsEstimatesAreMadeOf()
    {
        RewardModel model = SharedModel.Model;
        (DecisionContext, Candidate)[] asked = [.. SharedModel.Later.Candidates.Select(c => (c.Context, c.Candidate))];
        RewardEstimate[] estimates = model.EstimateAll(asked);
        double[][] members = model.MemberScores(asked);
        Assert.Equal(asked.Length, members.Length);
        Assert.All(
            estimates.Zip(members),
            e =>
            {
                (RewardEstimate estimate, double[] scores) = e;
                Assert.Equal(model.MemberCount, scores.Length);
                double mean = scores.Average();
                Assert.Equal(mean, estimate.Mean, 1e-12);
                Assert.Equal(Math.Sqrt(scores.Average(s => (s - mean) * (s - mean))), estimate.Deviation, 1e-12);
            }
        );
        Assert.All(estimates, e => Assert.True(e.Deviation > 0));
    }

    [Fact]
    public void MemberScores_OfTheTrainingCandidates_HaveMeanZeroAndOneSpread()
    {
        RewardModel model = SharedModel.Model;
        (DecisionContext, Candidate)[] trained =
        [
            .. SharedModel.Market.Create(0, 100).Candidates.Select(c => (c.Context, c.Candidate)),
        ];
        double[][] scores = model.MemberScores(trained);
        double unit = model.Members.Average(m => m.Deviation);
        for (int member = 0; member < model.MemberCount; member++)
        {
            double[] own = [.. scores.Select(s => s[member])];
            double mean = own.Average();
            Assert.Equal(0, mean, 1e-5);
            Assert.Equal(unit, Math.Sqrt(own.Average(s => (s - mean) * (s - mean))), 1e-5);
        }
    }

    [Fact]
    public void Score_ManyThreads_GivesTheSameBits()
    {
        RewardModel model = SharedModel.Model;
        SettledCandidate[] all = [.. SharedModel.Later.Candidates];
        double[] expected = [.. all.Select(c => model.Score(c.Context, c.Candidate))];
        double[] found = new double[all.Length];
        Parallel.For(
            0,
            all.Length,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i => found[i] = model.Score(all[i].Context, all[i].Candidate)
        );
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Forward_PaddedOrNotOrWrongLength_IsCheckedAndEqual()
    {
        RewardModel model = SharedModel.Model;
        float[] numerical = [.. Enumerable.Range(0, model.Schema.Columns.Count).Select(i => 0.1f * i)];
        float[] padded = [.. numerical, .. new float[model.Architecture.NumericalDim - numerical.Length]];
        float[] text = new float[768];
        Assert.Equal(model.Forward(numerical, text), model.Forward(padded, text));
        Assert.NotEqual(model.Forward(numerical, text), model.Forward(new float[numerical.Length], text));
        Assert.Throws<ArgumentException>(() => model.Forward(numerical.AsSpan(1), text));
        Assert.Throws<ArgumentException>(() => model.Forward(numerical, text.AsSpan(1)));
    }

    [Fact]
    public void Score_OtherFeatures_NamesTheDifference()
    {
        SettledCandidate some = SharedModel.Later.Candidates[0];
        DecisionContext other = some.Context with
        {
            Features = new Dictionary<string, double?>(some.Context.Features.Append(new("rsi", 1))),
        };
        Assert.Contains(
            "unknown rsi",
            Assert.Throws<RlaifInputException>(() => SharedModel.Model.Score(other, some.Candidate)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ScoreAll_OneOfMany_IsRefusedAsIfItWereAlone()
    {
        SettledCandidate[] all =
        [
            .. SharedModel.Later.Candidates,
            .. SharedModel.Later.Candidates,
            .. SharedModel.Later.Candidates,
        ];
        (DecisionContext Context, Candidate Candidate)[] asked = [.. all.Select(c => (c.Context, c.Candidate))];
        asked[^7].Context = asked[^7].Context with { Features = new Dictionary<string, double?> { ["rsi"] = 1 } };
        RlaifInputException alone = Assert.Throws<RlaifInputException>(() => SharedModel.Model.ScoreAll(asked[^7..^6]));
        Assert.Equal(alone.Message, Assert.Throws<RlaifInputException>(() => SharedModel.Model.ScoreAll(asked)).Message);
    }

    [Fact]
    public async Task SaveAndLoad_ScoresTheSameBits()
    {
        RewardModel model = SharedModel.Model;
        await model.SaveAsync(ModelPath);
        RewardModel loaded = await RewardModel.LoadAsync(ModelPath);
        (DecisionContext, Candidate)[] all = [.. SharedModel.Later.Candidates.Select(c => (c.Context, c.Candidate))];
        Assert.Equal(model.ScoreAll(all), loaded.ScoreAll(all));
        Assert.Equal(model.Schema.Version, loaded.Schema.Version);
        Assert.Equal(model.Metadata.DataHash, loaded.Metadata.DataHash);
        Assert.Equal(model.Metadata.Training, loaded.Metadata.Training);
        Assert.Equal(model.Metadata.RewardDeviation, loaded.Metadata.RewardDeviation);
        string second = Path.Combine(_folder, "again.safetensors");
        await loaded.SaveAsync(second);
        Assert.Equal(await File.ReadAllBytesAsync(ModelPath), await File.ReadAllBytesAsync(second));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public async Task LoadAsync_DamagedAnywhere_IsRefusedByName()
    {
        await SharedModel.Model.SaveAsync(ModelPath);
        byte[] bytes = await File.ReadAllBytesAsync(ModelPath);
        foreach (int length in new[] { 0, 5, 8, 500, bytes.Length / 2, bytes.Length - 1 })
        {
            await File.WriteAllBytesAsync(ModelPath, bytes[..length]);
            Assert.Contains(ModelPath, (await Refused()).Message, StringComparison.Ordinal);
        }

        await File.WriteAllBytesAsync(ModelPath, [.. bytes, 0]);
        await Refused();
        await File.WriteAllTextAsync(ModelPath, new string('x', 1000));
        await Refused();
        await File.WriteAllBytesAsync(ModelPath, [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);
        Assert.Contains("format", (await Refused()).Message, StringComparison.Ordinal);
        File.Delete(ModelPath);
        Assert.Contains("no reward model", (await Refused()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_WeightThatIsNotFinite_IsRefusedByName()
    {
        await SharedModel.Model.SaveAsync(ModelPath);
        byte[] bytes = await File.ReadAllBytesAsync(ModelPath);
        int header = (int)BitConverter.ToInt64(bytes);
        using var tensors = JsonDocument.Parse(bytes.AsMemory(sizeof(long), header));
        int bias = tensors.RootElement.GetProperty("member_02.score.bias").GetProperty("data_offsets")[0].GetInt32();
        BitConverter.TryWriteBytes(bytes.AsSpan(sizeof(long) + header + bias), float.NaN);
        await File.WriteAllBytesAsync(ModelPath, bytes);
        Assert.Contains("member_02 has weights that are not finite", (await Refused()).Message, StringComparison.Ordinal);
    }

    /// <summary>A single bit of any number, not of the weights alone: the last bytes are those of a scaler.</summary>
    [Theory]
    [InlineData("member_02.score.bias")]
    [InlineData("member_00.score_mean")]
    [InlineData("scaler.market_means")]
    [InlineData("scaler.text_factor")]
    public async Task LoadAsync_NumberThatWasChanged_IsRefused(string tensor)
    {
        await SharedModel.Model.SaveAsync(ModelPath);
        byte[] bytes = await File.ReadAllBytesAsync(ModelPath);
        int header = (int)BitConverter.ToInt64(bytes);
        using var tensors = JsonDocument.Parse(bytes.AsMemory(sizeof(long), header));
        int place = tensors.RootElement.GetProperty(tensor).GetProperty("data_offsets")[0].GetInt32();
        bytes[sizeof(long) + header + place] ^= 1;
        await File.WriteAllBytesAsync(ModelPath, bytes);
        Assert.Contains("not those that were written", (await Refused()).Message, StringComparison.Ordinal);
    }

    /// <summary>With and without the hash of the content, which old files lack.</summary>
    [Theory]
    [InlineData("schema")]
    [InlineData("market_names")]
    [InlineData("missing_names")]
    [InlineData("constant_names")]
    [InlineData("interactions")]
    [InlineData("architecture")]
    [InlineData("metadata")]
    public async Task LoadAsync_NullInTheHeader_IsRefusedByName(string field)
    {
        await SharedModel.Model.SaveAsync(ModelPath);
        byte[] bytes = await File.ReadAllBytesAsync(ModelPath);
        foreach (JsonNode? damage in (JsonNode?[])[null, new JsonArray((JsonNode?)null)])
        {
            int length = (int)BitConverter.ToInt64(bytes);
            JsonNode header = JsonNode.Parse(bytes.AsSpan(sizeof(long), length))!;
            JsonNode metadata = header["__metadata__"]!;
            JsonNode model = JsonNode.Parse(metadata["model"]!.GetValue<string>())!;
            model[field] = damage;
            metadata["model"] = model.ToJsonString();
            metadata.AsObject().Remove("content_sha256");
            byte[] changed = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
            byte[] rest = bytes[(sizeof(long) + length)..];
            await File.WriteAllBytesAsync(ModelPath, [.. BitConverter.GetBytes((long)changed.Length), .. changed, .. rest]);
            string message = (await Refused()).Message;
            Assert.StartsWith(ModelPath, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public async Task LoadAsync_OtherEncoder_IsRefusedByName()
    {
        await SharedModel.Model.SaveAsync(ModelPath);
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() =>
            RewardModel.LoadAsync(ModelPath, new HashedTextEncoder(512))
        );
        Assert.Contains("hashed-ngram-v1/768", error.Message, StringComparison.Ordinal);
        Assert.Contains("hashed-ngram-v1/512", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_SchemaThatIsNotTheScalers_NamesTheColumn()
    {
        await SharedModel.Model.SaveAsync(ModelPath);
        string text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(ModelPath));
        int column = text.IndexOf("exposure_x_f01", StringComparison.Ordinal);
        Assert.True(column > 0);
        await File.WriteAllBytesAsync(
            ModelPath,
            System.Text.Encoding.Latin1.GetBytes(text.Remove(column, 14).Insert(column, "exposure_x_g01"))
        );
        string message = (await Refused()).Message;
        Assert.Contains("exposure_x_g01", message, StringComparison.Ordinal);
        Assert.Contains("exposure_x_f01", message, StringComparison.Ordinal);
    }

    private Task<RlaifInputException> Refused() =>
        Assert.ThrowsAsync<RlaifInputException>(() => RewardModel.LoadAsync(ModelPath));
}
