using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Prompts;

namespace Rlaif.Tests.Decisions.Llm.Prompts;

public sealed class PromptSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlaif-prompts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Default_Files_CoverEveryRoleAndPersona()
    {
        Assert.Superset(
            Enum.GetNames<AnalystRole>().Select(n => n.ToLowerInvariant()).ToHashSet(),
            PromptSet.Default.Names.ToHashSet()
        );
        Assert.Superset(
            Enum.GetNames<StanceKind>().Select(n => $"persona_{n.ToLowerInvariant()}").ToHashSet(),
            PromptSet.Default.Names.ToHashSet()
        );
        Assert.Matches("^[0-9a-f]{64}$", PromptSet.Default.Hash);
        Assert.Matches("^manager@[0-9a-f]{8}$", PromptSet.Default.Version("manager", "rules"));
        Assert.NotEqual(PromptSet.Default.Version("manager"), PromptSet.Default.Version("manager", "rules"));
        foreach (string role in (string[])["fundamental", "sentiment", "technical", "risk", "bull", "bear", "manager"])
        {
            string text = PromptSet.Default.Fill(role, ("rules", "RULES"));
            Assert.EndsWith("\n\nRULES", text, StringComparison.Ordinal);
            Assert.DoesNotContain("version:", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_OneFile_ReplacesItAlone()
    {
        Write("persona_trend.md", "version: 2\r\nFollow the tape.\r\n");
        PromptSet loaded = PromptSet.Load(_folder);
        Assert.Equal("Follow the tape.", loaded.Fill("persona_trend"));
        Assert.NotEqual(PromptSet.Default.Hash, loaded.Hash);
        Assert.NotEqual(PromptSet.Default.Version("persona_trend"), loaded.Version("persona_trend"));
        Assert.Equal(PromptSet.Default.Version("risk", "rules"), loaded.Version("risk", "rules"));
        Write("persona_trend.md", "version: 2\nFollow the tape.");
        Assert.Equal(loaded.Hash, PromptSet.Load(_folder).Hash);
    }

    [Fact]
    public void Load_BadFiles_AreReportedTogether()
    {
        Write("trader.md", "version: 1\nHello.");
        Write("risk.md", "You are the risk analyst. {{rules}}");
        Write("bull.md", "version: 1\nBuy {{symbol}}!");
        Write("persona_value.md", "version: 1\n \n");
        var error = Assert.Throws<RlaifInputException>(() => PromptSet.Load(_folder));
        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.Equal(6, lines.Length);
        Assert.Contains(
            lines,
            l => l.Contains("trader.md: there is no prompt of that name; allowed are analyst_task,", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            l => l.EndsWith("risk.md: line 1 must be 'version: N', N from 1 to 999999.", StringComparison.Ordinal)
        );
        Assert.Contains(lines, l => l.EndsWith("bull.md: missing {{rules}}.", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("bull.md: unknown {{symbol}}.", StringComparison.Ordinal));
        Assert.Contains(
            lines,
            l => l.EndsWith("persona_value.md: there is no text after the version.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Load_NoFilesOrNoFolder_SaysWhatIsExpected()
    {
        Assert.Contains(
            "has no prompt files",
            Assert.Throws<RlaifInputException>(() => PromptSet.Load(_folder)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<RlaifInputException>(() => PromptSet.Load(Path.Combine(_folder, "none")));
    }

    [Fact]
    public void Fill_Values_AreNeverSearchedForPlaceholders()
    {
        string text = PromptSet.Default.Fill("repair", ("error", "{{error}} {{rules}}"));
        Assert.Contains("cannot be used: {{error}} {{rules}}\n", text, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => PromptSet.Default.Fill("repair"));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
