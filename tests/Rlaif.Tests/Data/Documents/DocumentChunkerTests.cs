using CsCheck;
using Rlaif.Data.Documents;

namespace Rlaif.Tests.Data.Documents;

public sealed class DocumentChunkerTests
{
    private static readonly Gen<string> Text = Gen.Select(
            Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Const('\uD83D'), Gen.Const('\u6F22')), 1, 12],
            Gen.OneOf(" ", "  ", "\n", ". ", "! ", "\n\n", ".\r\n\r\n", "\t", "\u3002")
        )
        .Array[0, 900]
        .Select(words => string.Concat(words.Select(w => w.Item1 + w.Item2)));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Split_AnyText_KeepsEveryWordInOrderWithinTheSizes() =>
        Text.Sample(
            text =>
            {
                string[] passages = [.. DocumentChunker.Split(text)];
                Assert.Equal(passages, DocumentChunker.Split(text));
                Assert.All(passages, p => Assert.InRange(p.Length, 1, DocumentChunker.MostCharacters));
                Assert.All(passages, p => Assert.InRange(Words(p).Length, 1, DocumentChunker.MostWords));
                // Passages, laid on each other where they overlap, are the text again.
                string[] words = Words(text);
                int covered = 0;
                int from = 0;
                foreach (string[] passage in passages.Select(Words))
                {
                    int start = Enumerable
                        .Range(from, covered - from + 1)
                        .Last(s => words.AsSpan(s).StartsWith(passage) && s + passage.Length > covered);
                    (from, covered) = (start, start + passage.Length);
                }

                Assert.Equal(words.Length, covered);
            },
            iter: 300
        );

    [Fact]
    public void Split_LongProse_MakesPassagesOfTheStatedSizeThatOverlapAtSentences()
    {
        string text = string.Join(
            ' ',
            Enumerable.Range(0, 200).Select(i => $"Sentence number {i} has exactly eight words here.")
        );
        string[] passages = [.. DocumentChunker.Split(text)];
        Assert.All(passages[..^1], p => Assert.InRange(Words(p).Length, 120, 180));
        Assert.All(passages, p => Assert.StartsWith("Sentence number", p, StringComparison.Ordinal));
        Assert.All(passages, p => Assert.EndsWith("here.", p, StringComparison.Ordinal));
        foreach ((string first, string second) in passages.Zip(passages.Skip(1)))
        {
            int overlap = Words(first).Length - first.Split(second.Split('.')[0])[0].Split(' ').Length + 1;
            Assert.InRange(overlap, 15, 45);
        }
    }

    [Fact]
    public void Split_Paragraphs_EndsAtOneWhereThereIsOne()
    {
        string paragraph = string.Concat(Enumerable.Repeat("Ten words make up this sentence that is not long. ", 14));
        string[] passages = [.. DocumentChunker.Split($"{paragraph}\n\n{paragraph}")];
        Assert.Equal(140, Words(passages[0]).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t \u2028")]
    public void Split_NoWords_GivesNothing(string text) => Assert.Empty(DocumentChunker.Split(text));

    [Fact]
    public void Split_ShortText_IsOnePassageWithoutItsWhiteSpace() =>
        Assert.Equal(["One two.\nThree"], DocumentChunker.Split("  One \n two.\n\n\n Three "));

    [Theory]
    [InlineData("x", 10_000_000)]
    [InlineData("word. ", 10_000_000)]
    [InlineData("\U0001F4C8", 1_000_000)]
    [InlineData("\u6F22\u5B57\u3002", 1_000_000)]
    [InlineData("a                                        ", 1_000_000)]
    public void Split_HugeText_StaysBoundedAndLosesNothing(string unit, int size)
    {
        int units = size / unit.Length;
        long letters = 0;
        int count = 0;
        foreach (string passage in DocumentChunker.Split(string.Concat(Enumerable.Repeat(unit, units))))
        {
            Assert.InRange(passage.Length, 1, DocumentChunker.MostCharacters);
            Assert.False(char.IsLowSurrogate(passage[0]));
            letters += passage.Length - passage.AsSpan().Count(' ');
            count++;
        }

        long expected = (long)units * unit.Trim().Length;
        Assert.InRange(letters, expected, 2 * expected);
        Assert.InRange(count, size / 15_000, size / 700);
    }
}
