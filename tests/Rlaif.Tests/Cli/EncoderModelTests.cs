using System.Text.Json;
using Microsoft.Data.Sqlite;
using Rlaif.Tests.Data.Text;

namespace Rlaif.Tests.Cli;

/// <summary>Reward models on other encoders than the built-in one, through the verbs that train and use them.</summary>
[Collection(LearningHome.Collection)]
public sealed class EncoderModelTests(LearningHome learning)
{
    private const string Row =
        """{"symbol":"AAPL","decided_at":"2016-05-02T20:00:00Z","action":"buy","position_size":0.05,"analysis":"the trend is strong","candidate_id":"a"}""";

    private static string[] Train(string encoder) => ["train", "--epochs", "1", "--ensemble", "1", "--encoder", encoder];

    private static Task<CliRun> RunAsync(string home, params string[] args) => CliRun.Of([.. args, "--home", home]);

    private static async Task<JsonElement> JsonAsync(string home, params string[] args)
    {
        CliRun run = await RunAsync(home, [.. args, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Json;
    }

    private static async Task AssertRefusedAsync(string message, Task<CliRun> running)
    {
        CliRun run = await running;
        Assert.Equal((2, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("error: ", run.Error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TinyEncoders.Static, "static", 16)]
    [InlineData(TinyEncoders.Bert, "onnx", 32)]
    public async Task Train_PathOfAnEncoder_GivesAModelThatEveryVerbUses(string name, string kind, int dimensions)
    {
        string home = learning.Copy($"train_{name}");
        CliRun trained = await RunAsync(home, [.. Train($"{kind}:{TinyEncoders.PathOf(name)}"), "--json", "--verbose"]);
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Contains(": 0 known, ", trained.Error, StringComparison.Ordinal);

        JsonElement shown = await JsonAsync(home, "models", "show", "latest");
        Assert.StartsWith($"{kind}-v1/{name}/{dimensions}/", shown.GetProperty("encoder").GetString(), StringComparison.Ordinal);
        Assert.Equal(dimensions, shown.GetProperty("metadata").GetProperty("model").GetProperty("text_dim").GetInt32());

        string file = learning.Folder.Write($"{name}.json", $"[{Row},{Row.Replace("strong", "weak", StringComparison.Ordinal)}]");
        double[] scores =
        [
            .. (await JsonAsync(home, "score", file))
                .GetProperty("ranked")
                .EnumerateArray()
                .Select(r => r.GetProperty("reward").GetDouble()),
        ];
        Assert.NotEqual(scores[0], scores[1]);
        JsonElement ranked = (await JsonAsync(home, "rank", file)).GetProperty("ranked");
        Assert.Equal(scores.Max(), ranked[0].GetProperty("reward").GetDouble());
        Assert.StartsWith(
            "best_of_n/v0001",
            (await JsonAsync(home, "decide", "AAPL", "--guided")).GetProperty("decisions")[0].GetProperty("selector").GetString(),
            StringComparison.Ordinal
        );
        await JsonAsync(home, "backtest", "--symbols", "AAPL", "--from", "2016-03-01", "--to", "2016-03-31", "--guided");
    }

    [Fact]
    public async Task Train_Again_TakesTheVectorsFromTheCacheAndGivesTheSameDocument()
    {
        string home = learning.Copy("train_twice");
        string[] args = [.. Train($"onnx:{TinyEncoders.PathOf(TinyEncoders.MPNet)}"), "--json", "--verbose"];
        CliRun first = await RunAsync(home, [.. args, "--threads", "1"]);
        CliRun second = await RunAsync(home, [.. args, "--threads", "3"]);
        Assert.Contains(" known, 0 encoded", second.Error, StringComparison.Ordinal);
        Assert.Equal(first.Json.GetProperty("validation").GetRawText(), second.Json.GetProperty("validation").GetRawText());

        SqliteConnection.ClearAllPools();
        string cache = Path.Combine(home, "cache", "embeddings", "embeddings.db");
        File.Delete($"{cache}-wal");
        await File.WriteAllTextAsync(cache, new string('x', 5_000), TestContext.Current.CancellationToken);
        CliRun third = await RunAsync(home, args);
        Assert.Contains("warning: ", third.Error, StringComparison.Ordinal);
        Assert.Contains("is begun again", third.Error, StringComparison.Ordinal);
        Assert.Equal(first.Json.GetProperty("validation").GetRawText(), third.Json.GetProperty("validation").GetRawText());
    }

    [Fact]
    public async Task Train_TextsThatAreTooLong_AreCountedInAWarning()
    {
        string home = learning.Copy("train_long");
        CliRun run = await RunAsync(home, [.. Train($"onnx:{TinyEncoders.PathOf(TinyEncoders.Bert)}"), "--json"]);
        string checklist = run.Json.GetProperty("files").GetProperty("checklist").GetString()!;
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(checklist, TestContext.Current.CancellationToken));
        JsonElement data = document.RootElement.GetProperty("data");
        Assert.InRange(data.GetProperty("texts_truncated").GetInt32(), 1, data.GetProperty("texts").GetInt32());
        Assert.Matches("warning: [0-9]+ of [0-9]+ texts are longer than onnx-v1/tiny-bert/32/[0-9a-f]{12} reads", run.Error);
        CliRun hashed = await RunAsync(home, Train("hashed:64"));
        Assert.Equal(0, hashed.ExitCode);
        Assert.DoesNotContain("longer than", hashed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_EncoderThatMovedOrChanged_IsFoundByItsNameOrRefusedNamingBoth()
    {
        string home = learning.Copy("train_moved");
        string folder = TinyEncoders.Copy(TinyEncoders.Static, learning.Folder);
        Assert.Equal(0, (await RunAsync(home, Train($"static:{folder}"))).ExitCode);
        string file = learning.Folder.Write("moved.json", Row);
        string score = (await JsonAsync(home, "score", file)).GetProperty("ranked").GetRawText();

        string named = Path.Combine(home, "cache", "encoders", TinyEncoders.Static);
        Directory.CreateDirectory(Path.GetDirectoryName(named)!);
        Directory.Move(folder, named);
        Assert.Equal(score, (await JsonAsync(home, "score", file)).GetProperty("ranked").GetRawText());

        string config = Path.Combine(named, "config.json");
        await File.WriteAllTextAsync(config, "{\"normalize\":false}", TestContext.Current.CancellationToken);
        CliRun other = await RunAsync(home, "score", file);
        Assert.Equal(2, other.ExitCode);
        Assert.Matches(
            "was trained with text encoder static-v1/tiny-static/16/[0-9a-f]{12}; it cannot score with static-v1/tiny-static/16/[0-9a-f]{12}",
            other.Error
        );

        Directory.Delete(named, recursive: true);
        await AssertRefusedAsync("was trained with text encoder static-v1/tiny-static/16/", RunAsync(home, "score", file));

        // To be looked at and exported, a model needs no encoder.
        JsonElement shown = await JsonAsync(home, "models", "show", "v0001");
        Assert.StartsWith("static-v1/tiny-static/16/", shown.GetProperty("encoder").GetString(), StringComparison.Ordinal);
        Assert.True(shown.GetProperty("features").GetProperty("names").GetArrayLength() > 0);
        Assert.Contains(
            "texts by static-v1/tiny-static/16/",
            (await RunAsync(home, "models", "show", "v0001")).Out,
            StringComparison.Ordinal
        );
        JsonElement exported = await JsonAsync(home, "models", "export", "v0001", "--onnx", learning.Folder.PathOf("moved.onnx"));
        Assert.Equal(shown.GetProperty("encoder").GetString(), exported.GetProperty("encoder").GetString());
        Assert.True(exported.GetProperty("size_bytes").GetInt64() > 0);

        // As champion it would make every guided decision fail: only force takes it.
        await AssertRefusedAsync(
            "was trained with text encoder static-v1/tiny-static/16/",
            RunAsync(home, "models", "promote", "v0001")
        );
        Assert.True((await JsonAsync(home, "models", "promote", "v0001", "--force")).GetProperty("promoted").GetBoolean());
    }

    [Fact]
    public async Task Train_EncoderThatCannotBeOpened_ExitsWithTwoAndOneLine()
    {
        string folder = TinyEncoders.Copy(TinyEncoders.Bert, learning.Folder);
        await AssertRefusedAsync("'nonsense' is no text encoder", learning.RunAsync(Train("nonsense")));
        await AssertRefusedAsync("rlaif encoders pull potion-base-8M", learning.RunAsync(Train("potion-base-8M")));
        await AssertRefusedAsync("There is no folder", learning.RunAsync(Train("onnx:/nowhere")));
        await AssertRefusedAsync("has no model.safetensors", learning.RunAsync(Train($"static:{folder}")));

        string vocabulary = Path.Combine(folder, "vocab.txt");
        await File.AppendAllTextAsync(vocabulary, "extra\n", TestContext.Current.CancellationToken);
        await AssertRefusedAsync("do not belong together", learning.RunAsync(Train($"onnx:{folder}")));
        File.Delete(vocabulary);
        await AssertRefusedAsync("has no tokenizer", learning.RunAsync(Train($"onnx:{folder}")));
        string model = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(model, File.ReadAllBytes(model)[..50_000]);
        File.Copy(Path.Combine(TinyEncoders.PathOf(TinyEncoders.Bert), "vocab.txt"), vocabulary);
        await AssertRefusedAsync("is not a complete ONNX model", learning.RunAsync(Train($"onnx:{folder}")));
    }
}
