using Rlaif.Core;
using Rlaif.Decisions.Llm.Judging;

namespace Rlaif.Tests.Decisions.Llm.Judging;

public sealed class ConstitutionTests
{
    [Fact]
    public void Standard_IsVersionedAndNamesWhatIsJudged()
    {
        Constitution standard = Constitution.Standard;
        Assert.Equal(1, standard.Version);
        Assert.Equal(
            [
                "evidence_exists",
                "risk_stated",
                "size_follows_confidence",
                "no_outcome_knowledge",
                "no_orders_followed",
                "reasoning_supports_action",
            ],
            standard.Principles
        );
        Assert.Matches("^constitution@[0-9a-f]{8}$", standard.Id);
    }

    [Fact]
    public void Id_TextOrVersionChanges_Changes()
    {
        string[] texts = ["version: 1\n- a: x\n", "version: 2\n- a: x\n", "version: 1\n- a: y\n", "version: 1\n- b: x\n"];
        Assert.Equal(texts.Length, texts.Select(t => Constitution.Parse(t).Id).Distinct().Count());
        Assert.Equal(Constitution.Parse(texts[0]).Id, Constitution.Parse(texts[0].ReplaceLineEndings("\r\n")).Id);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("version: 1", "line 1")]
    [InlineData("version: 0\n- a: x", "line 1")]
    [InlineData("- a: x", "line 1")]
    [InlineData("version: 1\n\n", "has 0 principles")]
    [InlineData("version: 1\n- A: x", "line 2")]
    [InlineData("version: 1\n- a: x\n\n- a: y", "line 4")]
    [InlineData("version: 1\n- a:", "line 2")]
    [InlineData("version: 1\nprose", "line 2")]
    public void Parse_OtherForm_NamesTheLine(string text, string named)
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => Constitution.Parse(text));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void System_Constitution_IsWhollyFilledIn()
    {
        string system = JudgePrompt.System(Constitution.Standard);
        Assert.Contains(Constitution.Standard.Text, system, StringComparison.Ordinal);
        Assert.Contains("at most 600 characters", system, StringComparison.Ordinal);
        Assert.DoesNotContain('{', system);
        Assert.DoesNotContain("version", system, StringComparison.Ordinal);
    }
}
