using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Decisions.Llm.Calls;

public sealed class RecordingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File1 => _folder.PathOf("llm/claude.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_Reply_IsOneSnakeCaseLineWithoutPrompt()
    {
        using (Recording recording = await Recording.AppendAsync(File1))
        {
            recording.Add(Call("llm_1", "Buy."));
        }

        Assert.Equal(
            """
            {"fingerprint":"llm_1","role":"manager","subject":"AAPL","provider":"claude","model":"m","end":"stop","usage":{"input":10,"output":5,"cached_input":0,"cache_write":0},"contents":[{"$type":"text","text":"Buy."}]}

            """.ReplaceLineEndings("\n"),
            await File.ReadAllTextAsync(File1)
        );
    }

    [Fact]
    public async Task Find_AfterReopening_IsTheSameMessage()
    {
        RecordedCall call = Call("llm_1", "x") with { Contents = ReplyContents.Keep(CallFixture.ToolReply()) };
        using (Recording recording = await Recording.AppendAsync(File1))
        {
            recording.Add(call);
        }

        using Recording read = await Recording.OpenAsync(File1);
        RecordedCall found = read.Find("llm_1")!;
        Assert.Equal(CallFixture.Json(call.ToReply(false).Message), CallFixture.Json(found.ToReply(true).Message));
        Assert.Equal(call with { Contents = default }, found with { Contents = default });
        Assert.Null(read.Find("llm_2"));
    }

    [Fact]
    public async Task Restore_ToolReply_KeepsTextReasoningSignatureAndArguments()
    {
        using (Recording recording = await Recording.AppendAsync(File1))
        {
            recording.Add(Call("llm_1", "x") with { Contents = ReplyContents.Keep(CallFixture.ToolReply()) });
        }

        using Recording read = await Recording.OpenAsync(File1);
        ChatMessage message = read.Find("llm_1")!.ToReply(true).Message;
        var reasoning = Assert.IsType<TextReasoningContent>(message.Contents[0]);
        Assert.Equal(("Let me see.", "c2lnbmVk"), (reasoning.Text, reasoning.ProtectedData));
        Assert.Equal("I need the volatility. é 😀", Assert.IsType<TextContent>(message.Contents[1]).Text);
        var call = Assert.IsType<FunctionCallContent>(message.Contents[2]);
        Assert.Equal(("toolu_1", "volatility"), (call.CallId, call.Name));
        Assert.Equal(["symbol", "days", "level", "options"], call.Arguments!.Keys);
        Assert.Equal("""{"b":[1,2.0],"a":null}""", ((JsonElement)call.Arguments["options"]!).GetRawText());
    }

    [Fact]
    public async Task Add_SameCallTwice_TheFirstStays()
    {
        using Recording recording = await Recording.AppendAsync(File1);
        recording.Add(Call("llm_1", "first"));
        recording.Add(Call("llm_1", "second"));
        Assert.Equal("first", recording.Find("llm_1")!.ToReply(true).Text);
        Assert.Single(Lines());
    }

    [Fact]
    public async Task OpenAsync_SameCallTwiceInTheFile_TheFirstCounts()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File1)!);
        await File.WriteAllBytesAsync(File1, [.. Call("llm_1", "first").ToLine(), .. Call("llm_1", "second").ToLine()]);
        using Recording recording = await Recording.OpenAsync(File1);
        Assert.Equal("first", recording.Find("llm_1")!.ToReply(true).Text);
    }

    [Fact]
    public async Task AppendAsync_FileCutAtAnyByte_KeepsWholeCallsAndGoesOn()
    {
        RecordedCall[] calls = [Call("llm_1", "é 1"), Call("llm_2", "2")];
        byte[] whole = [.. calls.SelectMany(c => c.ToLine())];
        int first = calls[0].ToLine().Length;
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            string path = _folder.PathOf($"cut{cut}.jsonl");
            await File.WriteAllBytesAsync(path, whole[..cut]);
            // A line that lacks only its line feed is whole.
            int expected = (cut >= first - 1 ? 1 : 0) + (cut >= whole.Length - 1 ? 1 : 0);
            using (Recording reader = await Recording.OpenAsync(path))
            {
                Assert.Equal(expected, reader.Count);
            }

            Assert.Equal(cut, new FileInfo(path).Length);
            using (Recording writer = await Recording.AppendAsync(path))
            {
                Assert.Equal(expected, writer.Count);
                writer.Add(Call("llm_3", "3"));
            }

            using Recording again = await Recording.OpenAsync(path);
            Assert.Equal(expected + 1, again.Count);
            Assert.Equal("3", again.Find("llm_3")!.ToReply(true).Text);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"fingerprint":"llm_1"}""")]
    [InlineData(
        """{"fingerprint":"a","role":"boss","subject":"","provider":"","model":"","end":"stop","usage":{},"contents":[]}"""
    )]
    [InlineData(
        """{"fingerprint":"a","role":"risk","subject":"","provider":"","model":"","end":"stop","usage":{},"contents":null}"""
    )]
    [InlineData(
        """{"fingerprint":"a","role":"risk","subject":"","provider":"","model":"","end":"stop","usage":{},"contents":[{"$type":"x"}]}"""
    )]
    [InlineData(
        """{"fingerprint":"a","role":"risk","subject":"","provider":"","model":"","end":"stop","usage":{},"contents":[{"$type":"functionCall"}]}"""
    )]
    public async Task OpenAsync_DamagedLineInside_IsAnErrorWithFileAndLine(string damaged)
    {
        string path = _folder.Write("damaged.jsonl", $"{Line("llm_1")}\n{damaged}\n{Line("llm_2")}\n");
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => Recording.OpenAsync(path));
        Assert.StartsWith($"{path}, line 2 is no recorded call: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_DamagedLastLineWithLineFeed_IsAnError()
    {
        string path = _folder.Write("damaged.jsonl", $"{Line("llm_1")}\n{{\"fing\n");
        await Assert.ThrowsAsync<RlaifInputException>(() => Recording.AppendAsync(path));
        Assert.EndsWith("{\"fing\n", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_ContentOfAnotherKind_IsLeftOut()
    {
        string line = Line("llm_1")
            .Replace("[{", """[{"$type":"uri","uri":"http://x.test/a","mediaType":"image/png"},{""", StringComparison.Ordinal);
        using Recording recording = await Recording.OpenAsync(_folder.Write("uri.jsonl", line + "\n"));
        Assert.IsType<TextContent>(Assert.Single(recording.Find("llm_1")!.ToReply(true).Message.Contents));
    }

    [Fact]
    public async Task OpenAsync_BlankLinesAndCarriageReturns_AreFine()
    {
        string path = _folder.Write("dos.jsonl", $"{Line("llm_1")}\r\n\r\n{Line("llm_2")}\r\n");
        using Recording recording = await Recording.OpenAsync(path);
        Assert.Equal(2, recording.Count);
    }

    [Fact]
    public async Task AppendAsync_SecondWriter_IsRefusedUntilTheFirstIsDone()
    {
        using (await Recording.AppendAsync(File1))
        {
            RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => Recording.AppendAsync(File1));
            Assert.StartsWith($"Cannot record into '{File1}': ", error.Message, StringComparison.Ordinal);
            Assert.Contains("One run at a time can record into a file", error.Message, StringComparison.Ordinal);
        }

        using Recording next = await Recording.AppendAsync(File1);
        Assert.Equal(0, next.Count);
    }

    [Fact]
    public async Task OpenAsync_WhileAnotherWrites_ReadsWhatIsThere()
    {
        using Recording writer = await Recording.AppendAsync(File1);
        writer.Add(Call("llm_1", "1"));
        using Recording reader = await Recording.OpenAsync(File1);
        writer.Add(Call("llm_2", "2"));
        Assert.Equal(1, reader.Count);
        Assert.Equal(2, Lines().Length);
    }

    [Fact]
    public async Task OpenAsync_Gzip_IsRead()
    {
        string path = _folder.Write("shared.jsonl.gz", $"{Line("llm_1")}\n{Line("llm_2")}\n");
        using Recording recording = await Recording.OpenAsync(path);
        Assert.Equal(2, recording.Count);
    }

    [Fact]
    public async Task AppendAsync_Gzip_IsRefused()
    {
        string path = _folder.Write("shared.jsonl.gz", Line("llm_1") + "\n");
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => Recording.AppendAsync(path));
        Assert.Contains("compressed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_GzipCutAnywhere_IsAnErrorOrLacksNothing()
    {
        byte[] whole = await File.ReadAllBytesAsync(
            _folder.Write("shared.jsonl.gz", Line("llm_1") + "\n" + Line("llm_2") + "\n")
        );
        string path = _folder.PathOf("cut.jsonl.gz");
        int errors = 0;
        for (int cut = 0; cut < whole.Length; cut++)
        {
            await File.WriteAllBytesAsync(path, whole[..cut]);
            try
            {
                using Recording recording = await Recording.OpenAsync(path);
                Assert.True(recording.Count == 2, $"cut at byte {cut} of {whole.Length}");
            }
            catch (RlaifInputException)
            {
                errors++;
            }
        }

        Assert.InRange(errors, whole.Length * 9 / 10, whole.Length);
    }

    [Fact]
    public async Task OpenAsync_NoFile_SaysHowToMakeOne()
    {
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => Recording.OpenAsync(File1));
        Assert.Equal($"There is no recording '{File1}'. Make one with --llm record.", error.Message);
    }

    [Fact]
    public async Task Add_DeepArguments_SurviveReopening()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60));
        var call = new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["x"] = JsonElement.Parse(deep) });
        using (Recording recording = await Recording.AppendAsync(File1))
        {
            JsonElement contents = ReplyContents.Keep(new ChatResponse(new ChatMessage(ChatRole.Assistant, [call])));
            recording.Add(Call("llm_1", "x") with { Contents = contents });
        }

        using Recording read = await Recording.OpenAsync(File1);
        ChatMessage message = read.Find("llm_1")!.ToReply(true).Message;
        Assert.StartsWith("llm_", CallFingerprint.Of(CallFixture.Request() with { Messages = [message] }, CallFixture.Setup()));
        Assert.Contains(deep, CanonicalText(message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_HalfASurrogatePair_SurvivesReopening()
    {
        using (Recording recording = await Recording.AppendAsync(File1))
        {
            recording.Add(Call("llm_1", "cut \ud83d"));
        }

        using Recording read = await Recording.OpenAsync(File1);
        Assert.StartsWith("cut ", read.Find("llm_1")!.ToReply(true).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_ManyThreads_EveryLineIsWhole()
    {
        using (Recording recording = await Recording.AppendAsync(File1))
        {
            await Parallel.ForAsync(
                0,
                200,
                (i, _) =>
                {
                    recording.Add(Call($"llm_{i}", new string('x', i)));
                    return ValueTask.CompletedTask;
                }
            );
        }

        using Recording read = await Recording.OpenAsync(File1);
        Assert.Equal(200, read.Count);
        Assert.Equal(200, Lines().Length);
    }

    private static string CanonicalText(ChatMessage message) =>
        Encoding.UTF8.GetString(
            CallFingerprint.Canonical(CallFixture.Request() with { Messages = [message] }, CallFixture.Setup())
        );

    private static string Line(string fingerprint) => Encoding.UTF8.GetString(Call(fingerprint, "text").ToLine()).TrimEnd('\n');

    private static RecordedCall Call(string fingerprint, string text) =>
        new()
        {
            Fingerprint = fingerprint,
            Role = ModelRole.Manager,
            Subject = "AAPL",
            Provider = "claude",
            Model = "m",
            End = ReplyEnd.Stop,
            Usage = new TokenUsage(10, 5),
            Contents = ReplyContents.Keep(new ChatResponse(new ChatMessage(ChatRole.Assistant, text))),
        };

    private string[] Lines()
    {
        using var reader = new StreamReader(new FileStream(File1, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
