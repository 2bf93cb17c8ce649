using Microsoft.AspNetCore.Http;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Data.Text.Hub;

namespace Rlaif.Tests.Data.Text.Hub;

/// <summary>What is not what it should be.</summary>
public sealed partial class EncoderHubTests
{
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
