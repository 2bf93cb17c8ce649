using System.Text.Json;
using Rlaif.Tests.Data;
using Rlaif.Tests.Data.Text;
using Rlaif.Tests.Data.Text.Hub;

namespace Rlaif.Tests.Cli;

/// <summary><c>rlaif encoders</c> against a hub on this machine.</summary>
public sealed class EncodersVerbTests : IAsyncLifetime
{
    private const string Name = "potion-base-8M";

    private readonly TempFolder _folder = new();
    private HubServer _server = null!;

    private string Home => _folder.PathOf("home");

    public async ValueTask InitializeAsync() =>
        _server = await HubServer.StartAsync($"minishlab/{Name}", TinyEncoders.PathOf(TinyEncoders.Static));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.Of([.. args, "--home", Home]);

    private async Task<JsonElement> ListedAsync(string name)
    {
        CliRun run = await RunAsync("encoders", "list", "--json");
        Assert.Equal(0, run.ExitCode);
        return run.Json.GetProperty("encoders").EnumerateArray().Single(e => e.GetProperty("name").GetString() == name);
    }

    [Fact]
    public async Task Pull_Json_HasTheFieldsOfTheContract()
    {
        Assert.False((await ListedAsync(Name)).GetProperty("is_there").GetBoolean());
        Assert.False(Directory.Exists(Home));
        CliRun run = await RunAsync("encoders", "pull", Name, "--base-url", _server.BaseUrl, "--json", "--quiet");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Equal("name,path,was_there,encoder,dimensions,source,revision,license,files,timing", CliRun.Fields(run.Json));
        JsonElement[] files = [.. run.Json.GetProperty("files").EnumerateArray()];
        Assert.All(files, f => Assert.Equal("file,size,sha256,is_stated", CliRun.Fields(f)));
        Assert.Equal(
            ["model.safetensors", "tokenizer.json", "config.json"],
            files.Select(f => f.GetProperty("file").GetString())
        );
        Assert.Matches("^static-v1/potion-base-8M/16/[0-9a-f]{12}$", run.Json.GetProperty("encoder").GetString());

        JsonElement listed = await ListedAsync(Name);
        Assert.Equal("name,kind,dimensions,max_tokens,megabytes,license,source,is_there,path", CliRun.Fields(listed));
        Assert.Equal((true, 16), (listed.GetProperty("is_there").GetBoolean(), listed.GetProperty("dimensions").GetInt32()));
        Assert.Equal(Path.Combine(Home, "cache", "encoders", Name), listed.GetProperty("path").GetString());
    }

    [Fact]
    public async Task Pull_ForPeople_SaysWhoseTheHashesAre()
    {
        CliRun run = await RunAsync("encoders", "pull", Name, "--base-url", _server.BaseUrl);
        Assert.Contains("that of the first download", run.Out, StringComparison.Ordinal);
        Assert.Contains($"rlaif train --encoder {Name}", run.Out, StringComparison.Ordinal);
        CliRun again = await RunAsync("encoders", "pull", Name, "--base-url", _server.BaseUrl);
        Assert.Contains("was there", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_AddressInSettingsOrEnvironment_IsUsed()
    {
        string config = _folder.Write("rlaif.json", $$$"""{"encoders":{"base_url":"{{{_server.BaseUrl}}}/"}}""");
        Assert.Equal(0, (await RunAsync("encoders", "pull", Name, "--config", config)).ExitCode);
        var environment = new Dictionary<string, string> { ["RLAIF__Encoders__BaseUrl"] = _server.BaseUrl };
        CliRun run = await CliRun.Of(environment, "encoders", "pull", Name, "--home", _folder.PathOf("other"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"{Name}:", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "No encoder is named '../x'", "../x")]
    [InlineData(2, "Known: all-mpnet-base-v2, all-MiniLM-L6-v2, potion-base-8M", "word2vec")]
    [InlineData(2, "it must be http:// or https://", Name, "--base-url", "file:///srv")]
    [InlineData(2, "must have 64 hexadecimal digits", Name, "--sha256", "config.json=12")]
    [InlineData(2, "it must be FILE=HASH", Name, "--sha256", "config.json")]
    [InlineData(2, "it must be FILE=HASH", Name, "--sha256", "config.json=1", "--sha256", "config.json=2")]
    [InlineData(1, "answers 404", "all-MiniLM-L6-v2")]
    [InlineData(
        1,
        "it must be 0000000000000000000000000000000000000000000000000000000000000000",
        Name,
        "--sha256",
        "model.safetensors=0000000000000000000000000000000000000000000000000000000000000000"
    )]
    public async Task Pull_WhatCannotBe_IsSaidInOneLine(int exitCode, string message, params string[] args)
    {
        string[] address = args.Contains("--base-url") ? [] : ["--base-url", _server.BaseUrl];
        CliRun run = await RunAsync(["encoders", "pull", .. args, .. address]);
        Assert.Equal((exitCode, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.False((await ListedAsync(Name)).GetProperty("is_there").GetBoolean());
    }

    [Fact]
    public async Task Train_PulledEncoderThatWasChanged_IsRefusedWithBothHashes()
    {
        Assert.Equal(0, (await RunAsync("encoders", "pull", Name, "--base-url", _server.BaseUrl)).ExitCode);
        string tokenizer = Path.Combine(Home, "cache", "encoders", Name, "tokenizer.json");
        string before = HubServer.Sha256(await File.ReadAllBytesAsync(tokenizer, TestContext.Current.CancellationToken));
        await File.AppendAllTextAsync(tokenizer, " ", TestContext.Current.CancellationToken);
        CliRun run = await RunAsync("train", "--encoder", Name);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("tokenizer.json is not the file that was pulled: its sha256 is ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"instead of {before}. Pull it again: rlaif encoders pull {Name}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task List_FolderThatAPersonPutThere_IsListed()
    {
        Directory.CreateDirectory(Path.Combine(Home, "cache", "encoders", "my-model"));
        Directory.CreateDirectory(Path.Combine(Home, "cache", "encoders", ".half.partial"));
        CliRun run = await RunAsync("encoders", "list");
        Assert.Contains("my-model", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("half", run.Out, StringComparison.Ordinal);
        Assert.Equal("folder", (await ListedAsync("my-model")).GetProperty("kind").GetString());
    }
}
