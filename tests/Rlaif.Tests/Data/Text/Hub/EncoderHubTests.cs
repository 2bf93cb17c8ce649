using Microsoft.AspNetCore.Http;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Data.Text.Hub;
using Rlaif.Tests.Decisions.Llm.Models;

namespace Rlaif.Tests.Data.Text.Hub;

public sealed class EncoderHubTests : IAsyncLifetime
{
    private const string Name = "all-mpnet-base-v2";
    private const string Repository = "sentence-transformers/all-mpnet-base-v2";
    private const string Model = "onnx/model.onnx";

    // Longer than any wait between two tries, shorter than the patience: time-outs come only where a test wants them.
    private static readonly TimeSpan Waits = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan TimeOuts = TimeSpan.FromSeconds(120);

    private readonly TempFolder _folder = new();
    private readonly VirtualClock _clock = new();
    private HubServer _server = null!;

    private string Encoders => _folder.PathOf("encoders");

    private string Target => Path.Combine(Encoders, Name);

    private byte[] ModelBytes => _server.Files[PathOf(Model)];

    public async ValueTask InitializeAsync() =>
        _server = await HubServer.StartAsync(Repository, TinyEncoders.PathOf(TinyEncoders.MPNet));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static string PathOf(string file) => $"/{Repository}/resolve/main/{file}";

    private Task<PulledEncoder> PullAsync(IReadOnlyDictionary<string, string>? hashes = null, TimeSpan? horizon = null)
    {
        var hub = new EncoderHub(_server.BaseUrl, Encoders, _clock);
        return _clock.RunAsync(hub.PullAsync(Name, hashes, null, TestContext.Current.CancellationToken), horizon ?? Waits);
    }

    /// <summary>Pulls and demands that it fails, in one line, and that no encoder appears.</summary>
    private async Task<string> FailAsync(IReadOnlyDictionary<string, string>? hashes = null, TimeSpan? horizon = null)
    {
        string message = (await Assert.ThrowsAsync<DownloadException>(() => PullAsync(hashes, horizon))).Message;
        Assert.DoesNotContain('\n', message);
        Assert.False(Directory.Exists(Target));
        return message;
    }

    private static void AssertWhole(string folder)
    {
        string source = TinyEncoders.PathOf(TinyEncoders.MPNet);
        string[] files =
        [
            .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)),
        ];
        Assert.Equal(
            ["1_Pooling/config.json", "config.json", Model, "rlaif-manifest.json", "sentence_bert_config.json", "tokenizer.json"],
            files.Select(f => f.Replace('\\', '/')).Order(StringComparer.Ordinal)
        );
        Assert.All(
            files.Where(f => f != "rlaif-manifest.json"),
            f => Assert.Equal(File.ReadAllBytes(Path.Combine(source, f)), File.ReadAllBytes(Path.Combine(folder, f)))
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PullAsync_Known_AppearsWholeAndOpensByItsName(bool isRedirected)
    {
        _server.Redirects = isRedirected;
        PulledEncoder pulled = await PullAsync();
        Assert.Equal((Name, Target, false), (pulled.Name, pulled.Path, pulled.WasThere));
        AssertWhole(Target);
        Assert.All(pulled.Manifest.Files, f => Assert.Equal(isRedirected, f.IsStated));
        Assert.Equal(HubServer.Sha256(ModelBytes), pulled.Manifest.Files.Single(f => f.File == Model).Sha256);
        Assert.Equal(ModelBytes.Length, pulled.Manifest.Files.Single(f => f.File == Model).Size);
        Assert.Equal($"{_server.BaseUrl}/{Repository}", pulled.Manifest.Source);

        ITextEncoder encoder = TextEncoders.Open(Name, Encoders);
        using var _ = (IDisposable)encoder;
        Assert.Equal((pulled.Manifest.EncoderId, Name, 32), (encoder.Id, encoder.Spec, encoder.Dimensions));
        Assert.StartsWith($"onnx-v1/{Name}/32/", encoder.Id, StringComparison.Ordinal);
        Assert.Equal([Target], Directory.GetFileSystemEntries(Encoders));
    }

    [Fact]
    public async Task PullAsync_Again_AsksForNothing()
    {
        PulledEncoder first = await PullAsync();
        int asked = _server.Requests.Count;
        PulledEncoder second = await PullAsync();
        Assert.True(second.WasThere);
        Assert.Equal(first.Manifest.Files, second.Manifest.Files);
        Assert.Equal(asked, _server.Requests.Count);
    }

    [Fact]
    public async Task PullAsync_ConnectionsThatAreCut_GoOnWhereTheyWere()
    {
        int cuts = 0;
        _server.Instead = async (asked, http) =>
        {
            if (asked.File != PathOf(Model) || cuts++ >= 7)
            {
                return false;
            }

            await _server.SendAndCutAsync(asked, http, 10_000);
            return true;
        };
        await PullAsync();
        AssertWhole(Target);
        int?[] from = [.. _server.Requests.Where(r => r.File == PathOf(Model)).Select(r => r.From)];
        // More cuts than tries may fail in a row: each brought something.
        Assert.Equal([null, .. Enumerable.Range(1, 7).Select(i => (int?)(10_000 * i))], from);
    }

    [Fact]
    public async Task PullAsync_AfterAStop_GoesOnWithThePartAndDoesNotFetchWholeFilesAgain()
    {
        string later = PathOf("tokenizer.json");
        _server.Instead = async (asked, http) =>
        {
            if (asked.File != later)
            {
                return false;
            }

            await _server.SendAndCutAsync(asked, http, asked.From is null ? 1_000 : 0);
            return true;
        };
        Assert.Contains("What came is kept", await FailAsync(), StringComparison.Ordinal);
        int before = _server.Requests.Count;
        _server.Instead = (_, _) => Task.FromResult(false);
        await PullAsync();
        AssertWhole(Target);
        HubServer.Asked[] second = [.. _server.Requests.Skip(before)];
        Assert.Equal(1_000, second.First(r => r.File == later).From);
        HubServer.Asked model = second.First(r => r.File == PathOf(Model));
        Assert.Equal($"\"{HubServer.Sha256(ModelBytes)[..20]}\"", model.IfNoneMatch);
    }

    [Fact]
    public async Task PullAsync_FileThatChangedMeanwhile_IsBegunAgain()
    {
        byte[] content = ModelBytes;
        _server.Instead = async (asked, http) =>
        {
            if (asked.File != PathOf(Model) || asked.Number > 1)
            {
                return false;
            }

            _server.Files[PathOf(Model)] = [.. content.Reverse()];
            await _server.SendAndCutAsync(asked, http, 10_000);
            _server.Files[PathOf(Model)] = content;
            return true;
        };
        await PullAsync();
        AssertWhole(Target);
    }

    [Fact]
    public async Task PullAsync_WholeFileThatChangedMeanwhile_IsFetchedAgain()
    {
        string later = PathOf("tokenizer.json");
        byte[] content = _server.Files[later];
        _server.Files.TryRemove(later, out _);
        byte[] model = ModelBytes;
        _server.Files[PathOf(Model)] = [.. model.Reverse()];
        Assert.Contains("404", await FailAsync(), StringComparison.Ordinal);
        (_server.Files[later], _server.Files[PathOf(Model)]) = (content, model);
        await PullAsync();
        AssertWhole(Target);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(408)]
    public async Task PullAsync_ServerThatAsksToWait_IsAskedAgainWhenItSaid(int status)
    {
        _server.Instead = (asked, http) =>
        {
            if (asked.Number > 2)
            {
                return Task.FromResult(false);
            }

            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "37";
            return Task.FromResult(true);
        };
        await PullAsync();
        AssertWhole(Target);
        Assert.Equal(74, _clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public async Task PullAsync_ServerThatIsBroken_IsGivenUpAfterFiveTries()
    {
        _server.Instead = (_, http) =>
        {
            http.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        Assert.Contains("after 5 tries: the server answers 500", await FailAsync(), StringComparison.Ordinal);
        Assert.Equal(5, _server.Requests.Count);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(410)]
    public async Task PullAsync_FileThatIsNotThere_IsSaidAtOnce(int status)
    {
        _server.Instead = (_, http) =>
        {
            http.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        string message = await FailAsync();
        Assert.Contains(
            $"{Repository}/resolve/main/{Model} cannot be had: the server answers {status}",
            message,
            StringComparison.Ordinal
        );
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PullAsync_ServerThatFallsSilent_IsGivenUpAfterItsTime(bool sendsSome)
    {
        _server.Instead = async (asked, http) =>
        {
            if (sendsSome)
            {
                http.Response.ContentLength = ModelBytes.Length;
                await http.Response.StartAsync();
            }

            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        string message = await FailAsync(horizon: TimeOuts);
        Assert.Contains("after 5 tries: nothing came for 60 s", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_BodyWithoutLengthThatIsTooShort_IsTriedAgain()
    {
        _server.Redirects = true;
        bool wasShort = false;
        _server.Instead = async (asked, http) =>
        {
            if (wasShort || asked.Path != $"/elsewhere{PathOf(Model)}")
            {
                return false;
            }

            wasShort = true;
            await http.Response.Body.WriteAsync(ModelBytes.AsMemory(0, 500));
            return true;
        };
        await PullAsync();
        Assert.True(wasShort);
        AssertWhole(Target);
    }

    [Fact]
    public async Task PullAsync_MoreThanTheServerStates_IsStoppedAndThrownAway()
    {
        _server.Redirects = true;
        _server.Instead = async (asked, http) =>
        {
            if (asked.Path != $"/elsewhere{PathOf(Model)}")
            {
                return false;
            }

            byte[] block = new byte[100_000];
            for (int i = 0; i < 100; i++)
            {
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
            }

            return true;
        };
        Assert.Contains(
            $"too large: {ModelBytes.Length} bytes are what its server states",
            await FailAsync(),
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFiles(Encoders, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task PullAsync_HashThatTheServerStates_MustBeThatOfTheFile()
    {
        _server.Redirects = true;
        byte[] right = ModelBytes;
        _server.Instead = async (asked, http) =>
        {
            if (asked.Path != $"/elsewhere{PathOf(Model)}")
            {
                return false;
            }

            byte[] wrong = [.. right];
            wrong[500] ^= 1;
            http.Response.ContentLength = wrong.Length;
            await http.Response.Body.WriteAsync(wrong);
            return true;
        };
        string message = await FailAsync();
        Assert.Contains($"the server states {HubServer.Sha256(right)}", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Encoders, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task PullAsync_HashThatIsDemanded_MustBeThatOfTheFile()
    {
        string hash = HubServer.Sha256(ModelBytes);
        string message = await FailAsync(new Dictionary<string, string> { [Model] = new string('a', 64) });
        Assert.Contains($"its sha256 is {hash}, it must be {new string('a', 64)}", message, StringComparison.Ordinal);
        await PullAsync(new Dictionary<string, string> { [Model] = hash.ToUpperInvariant() });
        AssertWhole(Target);
    }

    [Theory]
    [InlineData("model.onnx", "aa", "has no file model.onnx; it has onnx/model.onnx")]
    [InlineData(Model, "aa", "must have 64 hexadecimal digits")]
    public async Task PullAsync_HashOfNoUse_IsRefused(string file, string hash, string message) =>
        Assert.Contains(
            message,
            (
                await Assert.ThrowsAsync<RlaifInputException>(() => PullAsync(new Dictionary<string, string> { [file] = hash }))
            ).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("file:///etc/passwd", "not followed")]
    [InlineData("ftp://127.0.0.1/x", "not followed")]
    [InlineData("/round", "without end")]
    public async Task PullAsync_RedirectThatLeadsAstray_IsNotFollowed(string location, string message)
    {
        _server.Instead = (_, http) =>
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = location;
            return Task.FromResult(true);
        };
        Assert.Contains(message, await FailAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("all-mpnet-base-v2/../x")]
    [InlineData("nobody-knows-it")]
    public async Task PullAsync_NameThatIsNotKnown_IsRefusedAndNothingIsAsked(string name)
    {
        var hub = new EncoderHub(_server.BaseUrl, Encoders);
        string message = (await Assert.ThrowsAsync<RlaifInputException>(() => hub.PullAsync(name))).Message;
        Assert.Contains("Known: all-mpnet-base-v2", message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
        Assert.False(Directory.Exists(Encoders));
    }

    [Theory]
    [InlineData("file:///srv/hub")]
    [InlineData("huggingface.co")]
    [InlineData("ftp://huggingface.co")]
    [InlineData("https://name:secret@huggingface.co")]
    [InlineData("https://huggingface.co?token=x")]
    [InlineData("")]
    public void Constructor_AddressThatIsNone_IsRefused(string address) =>
        Assert.Contains(
            "it must be http:// or https://",
            Assert.Throws<RlaifInputException>(() => new EncoderHub(address, Encoders)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task PullAsync_FilesThatDoNotBelongTogether_DoNotAppear()
    {
        _server.Files[PathOf("tokenizer.json")] = File.ReadAllBytes(
            Path.Combine(TinyEncoders.PathOf(TinyEncoders.Static), "tokenizer.json")
        );
        await Assert.ThrowsAsync<RlaifInputException>(() => PullAsync());
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task Open_PulledFileThatWasChanged_IsRefusedAndPulledAgain()
    {
        await PullAsync();
        string tokenizer = Path.Combine(Target, "tokenizer.json");
        File.AppendAllText(tokenizer, " ");
        string message = Assert.Throws<RlaifInputException>(() => TextEncoders.Open(Name, Encoders)).Message;
        Assert.Contains("tokenizer.json is not the file that was pulled", message, StringComparison.Ordinal);
        Assert.Contains($"rlaif encoders pull {Name}", message, StringComparison.Ordinal);

        Assert.False((await PullAsync()).WasThere);
        AssertWhole(Target);
        File.Delete(tokenizer);
        await PullAsync();
        AssertWhole(Target);

        // What was trusted at first is demanded ever after.
        File.AppendAllText(tokenizer, " ");
        _server.Files[PathOf("tokenizer.json")] = [.. _server.Files[PathOf("tokenizer.json")], (byte)'\n'];
        string refusal = (await Assert.ThrowsAsync<DownloadException>(() => PullAsync())).Message;
        Assert.Contains("tokenizer.json has the wrong content", refusal, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Target));
    }

    [Fact]
    public async Task PullAsync_FolderThatAPersonPutThere_IsLeftAlone()
    {
        Directory.CreateDirectory(Target);
        string message = (await Assert.ThrowsAsync<RlaifInputException>(() => PullAsync())).Message;
        Assert.Contains("was not pulled", message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task PullAsync_TwiceAtOnce_OneWaitsForTheOther()
    {
        var arrived = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _server.Instead = async (_, _) =>
        {
            arrived.TrySetResult();
            await goOn.Task;
            return false;
        };
        var hub = new EncoderHub(_server.BaseUrl, Encoders);
        Task<PulledEncoder> first = hub.PullAsync(Name);
        await arrived.Task;
        string message = (await Assert.ThrowsAsync<RlaifInputException>(() => hub.PullAsync(Name))).Message;
        Assert.Contains("Another process is pulling", message, StringComparison.Ordinal);
        goOn.SetResult();
        await first;
        AssertWhole(Target);
    }

    [Fact]
    public void All_KnownEncoders_HaveNamesAndFilesThatStayInTheirFolder()
    {
        Assert.Equal(["all-mpnet-base-v2", "all-MiniLM-L6-v2", "potion-base-8M"], KnownEncoder.All.Select(k => k.Name));
        Assert.All(KnownEncoder.All, k => Assert.True(EncoderHub.IsName(k.Name)));
        Assert.All(
            KnownEncoder.All.SelectMany(k => k.Files),
            f => Assert.Matches("^[A-Za-z0-9_]+(/[A-Za-z0-9_]+)*\\.(json|onnx|safetensors)$", f)
        );
    }
}
