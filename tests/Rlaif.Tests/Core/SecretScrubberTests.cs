using CsCheck;
using Rlaif.Core;

namespace Rlaif.Tests.Core;

public sealed class SecretScrubberTests
{
    private const string Key = "abcdEFGH1234ijklMNOP5678qrst";

    [Theory]
    [InlineData($"the key {Key} is wrong", "the key [key] is wrong")]
    [InlineData($"key=\"{Key}\",", "key=\"[key]\",")]
    [InlineData("provided: sk-proj-AbCd****wxyz. Find", "provided: [key] Find")]
    [InlineData("prefix EFGH1234ijkl suffix", "prefix [key] suffix")]
    [InlineData("Authorization: Bearer whatever", "Authorization: [key]")]
    [InlineData(
        "rate limit of 50,000 tokens per minute for claude-opus-5-5",
        "rate limit of 50,000 tokens per minute for claude-opus-5-5"
    )]
    [InlineData("Wait... and try again.", "Wait... and try again.")]
    public void Scrub_Text_LosesTheKeyAndNothingElse(string text, string expected) =>
        Assert.Equal(expected, new SecretScrubber(Key).Scrub(text));

    [Fact]
    public void Scrub_KeyAnywhere_IsGone() =>
        Gen.Select(Gen.String, Gen.String, Gen.String[Gen.Char.AlphaNumeric, 8, 60])
            .Sample(
                (before, after, key) =>
                    Assert.DoesNotContain(key, new SecretScrubber(key).Scrub(before + key + after), StringComparison.Ordinal)
            );

    [Fact]
    public void Scrub_PlaceholderKey_OnlyWholeWordsGo()
    {
        Assert.Equal("[key] serves ollama2", new SecretScrubber("ollama").Scrub("ollama serves ollama2"));
        Assert.Equal("a text", new SecretScrubber((string?)null).Scrub("a text"));
    }
}
