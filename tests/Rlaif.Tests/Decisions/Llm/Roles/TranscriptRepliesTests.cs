using System.IO.Compression;
using System.Text.Json;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Roles;

namespace Rlaif.Tests.Decisions.Llm.Roles;

/// <summary>What real models really wrote, for other programs and in other shapes, fed as replies: refused with a reason, never misread.</summary>
public sealed class TranscriptRepliesTests
{
    private const int MinLength = 40;

    [Theory]
    [InlineData("tradingagents_logs", "*.json.gz")]
    [InlineData("deepfund", "*.jsonl.gz")]
    [InlineData("ai_trader", "decisions_*.jsonl.gz")]
    public async Task Read_RealTranscripts_AreRefusedWithAReason(string folder, string pattern)
    {
        string[] texts = [.. Directory.GetFiles(SharedData.Require(folder), pattern).Order().SelectMany(Texts).Distinct()];
        Assert.InRange(texts.Length, 20, 100_000);
        var citations = new Citations(["F1", "R1"]);
        foreach (string text in texts)
        {
            Check(ReplyParser.Read(text, citations, r => ReportReply.Read(r, (-1, 1))));
            Check(ReplyParser.Read(text, citations, r => TurnReply.Read(r, (-1, 1))));
            Check(ReplyParser.Read(text, citations, r => CandidateReply.Read(r, 0.1, null)));
            Assert.NotNull(new PartialReply().Read(text));
        }

        string[] some = [.. texts.Where((_, i) => i % ((texts.Length / 12) + 1) == 0)];
        foreach (string text in some)
        {
            Proposal proposal = await new ScriptedTeam(_ => text).ProposeAsync(
                SimulatedDesk.Snapshot(1),
                new ManagerOptions { Candidates = 2 }
            );
            Assert.Empty(proposal.Candidates);
            Assert.Equal(4 + 2, proposal.Transcript.Failures.Count);
            Assert.Contains(proposal.Transcript.Texts, t => t.Text == text);
        }
    }

    private static void Check<T>((T? Value, string? Error) read)
        where T : class
    {
        Assert.Null(read.Value);
        Assert.EndsWith(".", read.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        IEnumerable<string> documents = path.EndsWith(".jsonl.gz", StringComparison.Ordinal)
            ? reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [reader.ReadToEnd()];
        var texts = new List<string>();
        foreach (string text in documents)
        {
            using var document = JsonDocument.Parse(text);
            texts.Add(text);
            texts.AddRange(Strings(document.RootElement).Where(s => s.Length >= MinLength));
        }

        return texts;
    }

    private static IEnumerable<string> Strings(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => [element.GetString()!],
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
            JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Strings(p.Value)),
            _ => [],
        };
}
