using Microsoft.AspNetCore.Http;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Data.Text.Hub;
using Rlaif.Tests.Decisions.Llm.Models;

namespace Rlaif.Tests.Data.Text.Hub;

public sealed partial class EncoderHubTests : IAsyncLifetime
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
}
