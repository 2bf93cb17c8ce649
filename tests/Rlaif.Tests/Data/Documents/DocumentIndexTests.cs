using CsCheck;
using Rlaif.Data.Documents;
using Rlaif.Data.Text;

namespace Rlaif.Tests.Data.Documents;

public sealed class DocumentIndexTests
{
    private static readonly HashedTextEncoder Encoder = new();

    private static IReadOnlyList<DocumentPassage> Search(
        IEnumerable<Document> documents,
        string query,
        int count = 10,
        string symbol = "A",
        double day = 100
    )
    {
        using DocumentIndex index = DocumentIndex.Build(documents, Encoder);
        return index.Search(symbol, Library.Start.AddDays(day), query, count);
    }

    [Fact]
    public void Search_LaterAndOtherSymbolsDocumentsAdded_ChangesNoResultToTheLastBit()
    {
        int found = 0;
        int hidden = 0;
        Gen.Select(Library.Documents(), Library.Words(1, 6), Gen.Int[0, 9])
            .Sample(
                (documents, query, day) =>
                {
                    DateTimeOffset asOf = Library.Start.AddDays(day);
                    Document[] visible = [.. documents.Where(d => d.KnownAt <= asOf && (d.Symbol ?? "A") == "A")];
                    string[] alone = Library.Print(Search(visible, query, day: day));
                    // In another order too: neither neighbours nor the order of import have a say.
                    Assert.Equal(alone, Library.Print(Search(documents.Reverse(), query, day: day)));
                    Interlocked.Add(ref found, alone.Length);
                    Interlocked.Add(ref hidden, documents.Length - visible.Length);
                },
                iter: 200
            );
        Assert.True(found > 500 && hidden > 500);
    }

    [Fact]
    public void Search_OneIndexForAllMoments_GivesWhatAnIndexOfTheMomentGives()
    {
        Gen.Select(Library.Documents(40), Library.Words(1, 6))
            .Sample(
                (documents, query) =>
                {
                    using DocumentIndex index = DocumentIndex.Build(documents, Encoder);
                    for (int day = 0; day < 10; day++)
                    {
                        DateTimeOffset asOf = Library.Start.AddDays(day);
                        string[] whole = Library.Print(index.Search("B", asOf, query, 5));
                        string[] then = Library.Print(
                            Search(documents.Where(d => d.KnownAt <= asOf), query, 5, symbol: "B", day: day)
                        );
                        Assert.Equal(then, whole);
                    }
                },
                iter: 20
            );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Search_AnyDocuments_FollowsTheDefinition(bool isHashed)
    {
        ITextEncoder encoder = isHashed ? Encoder : new OtherEncoder();
        Gen.Select(Library.Documents(), Library.Words(1, 6), Gen.Int[1, 12])
            .Sample(
                (documents, query, count) =>
                {
                    using DocumentIndex index = DocumentIndex.Build(documents, encoder);
                    IReadOnlyList<DocumentPassage> actual = index.Search("A", Library.Start.AddDays(6), query, count);
                    IReadOnlyList<DocumentPassage> expected = SearchOracle.Search(documents, "A", 6, query, count, encoder);
                    Assert.Equal(Library.Print(expected), Library.Print(actual));
                },
                iter: 200
            );
    }

    [Fact]
    public void Search_EncoderThatReadsSentences_GetsThemAsTheyAreAndHasAnEqualSay()
    {
        var encoder = new OtherEncoder();
        using DocumentIndex index = DocumentIndex.Build([Library.Document("A", 1, "The chips of it", "Is not sold.")], encoder);
        Assert.Equal(2.0 / 61, Assert.Single(index.Search("A", Library.Start.AddDays(1), "Are the chips sold?", 1)).Score, 1e-12);
        Assert.Equal(["Are the chips sold?", "The chips of it\nIs not sold."], encoder.Seen);
    }

    [Fact]
    public void Search_PassagesThatNoSearchCanSee_AreNotEncoded()
    {
        var encoder = new OtherEncoder();
        using DocumentIndex index = DocumentIndex.Build(
            [Library.Document("A", 2, "later"), Library.Document("B", 1, "other")],
            encoder
        );
        Assert.Empty(index.Search("A", Library.Start.AddDays(1), "later other", 1));
        Assert.Equal(["later other"], encoder.Seen);
    }

    [Fact]
    public void Score_AnyPassages_IsBm25OverTheVisibleOnes() =>
        Gen.Select(Library.Words(1, 30).Array[1, 20], Library.Words(1, 8), Gen.Bool.Array[20])
            .Sample(
                (passages, query, shown) =>
                {
                    bool[] visible = shown[..passages.Length];
                    using var index = new WordIndex(passages);
                    double[] actual = index.Score(query, visible);
                    double[] expected = SearchOracle.Bm25(passages, query, visible);
                    Assert.Equal(expected.Length, actual.Length);
                    Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
                },
                iter: 200
            );

    [Fact]
    public void Search_FromManyThreads_GivesTheSameAsFromOne()
    {
        Document[] documents =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(i =>
                    Library.Document("A", i % 9, Library.Vocabulary[i % 7], string.Join(' ', Library.Vocabulary[(i % 5)..]))
                ),
        ];
        string[] queries =
        [
            .. Enumerable.Range(0, 200).Select(i => $"{Library.Vocabulary[i % 10]} {Library.Vocabulary[i * 7 % 9]}"),
        ];
        string[][] expected = [.. queries.Select(q => Library.Print(Search(documents, q)))];
        using DocumentIndex index = DocumentIndex.Build(documents, Encoder);
        var actual = new string[queries.Length][];
        Parallel.For(
            0,
            queries.Length,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => actual[i] = Library.Print(index.Search("A", Library.Start.AddDays(100), queries[i], 10))
        );
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Search_RealWords_FindsByStemAndTitleAndSeesNoOtherSymbol()
    {
        Document[] documents =
        [
            Library.Document("A", 1, "Chip maker warns of tariffs", "The outlook was cut."),
            Library.Document("A", 2, "Dividend raised", "The board declared a dividend of 25 cents."),
            Library.Document("B", 1, "Tariff on chips", "Tariff, tariff, tariff."),
            Library.Document(null, 1, "Markets fall on tariff talk"),
        ];
        string[] titles = [.. Search(documents, "What is the tariff's effect?").Select(p => p.Document.Title)];
        Assert.Equal(2, titles.Length);
        Assert.DoesNotContain("Tariff on chips", titles);
        Assert.Equal("Dividend raised", Search(documents, "DIVIDENDS")[0].Document.Title);
        Assert.Empty(Search(documents, "tariff", day: 0.5));
        Assert.Single(Search(documents, "tariff", symbol: "C"));
    }

    [Fact]
    public void Search_SameTextFromTwoSources_ComesOnce()
    {
        Document[] documents =
        [
            Library.Document("A", 1, "Plant closed", "The plant was closed.", source: "Wire"),
            Library.Document("A", 2, "Plant closed", "The plant was closed.", source: "Paper"),
            Library.Document("A", 2, "A plant closed", "The plant was closed.", source: "Blog"),
        ];
        Assert.Equal("Paper", Assert.Single(Search(documents, "plant closed")).Document.Source);
    }

    [Fact]
    public void Search_LongDocument_GivesTwoPassagesAtMostAndLeavesRoomForOthers()
    {
        string text = string.Join(
            ' ',
            Enumerable.Range(0, 300).Select(i => $"The plant number {i} of the company was closed again.")
        );
        Document[] documents = [Library.Document("A", 1, "Closed", text), Library.Document("A", 1, "Plant news")];
        DocumentPassage[] found = [.. Search(documents, "plant closed")];
        Assert.Equal(2, found.Count(p => p.Document == documents[0]));
        Assert.Contains(found, p => p.Document == documents[1]);
        Assert.All(
            found,
            p =>
                Assert.Contains(
                    p.Text,
                    p.Document.Text.Length == 0 ? p.Document.Title : p.Document.Text,
                    StringComparison.Ordinal
                )
        );
        Assert.Single(Search(documents, "plant closed", count: 1));
    }

    [Fact]
    public void Search_EqualScores_PutsTheNewerFirst()
    {
        Document[] documents =
        [
            .. Enumerable.Range(1, 5).Select(day => Library.Document("A", day, $"alpha {Library.Vocabulary[day]}")),
        ];
        double[] days = [.. Search(documents, "alpha").Select(p => (p.Document.KnownAt - Library.Start).TotalDays)];
        Assert.Equal([5, 4, 3, 2, 1], days);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("+-&&||!(){}[]^\"~*?:\\/ AND OR NOT text:alpha [a TO z] alpha~2 *:*")]
    [InlineData("\"alpha")]
    [InlineData("\uD800 \u0000 \u202E")]
    [InlineData("the of and")]
    public void Search_HostileQuery_IsWordsOnly(string query)
    {
        Document[] documents =
        [
            Library.Document("A", 1, "bravo"),
            Library.Document("A", 1, "alpha"),
            Library.Document("A", 1, "zulu"),
        ];
        string[] found = [.. Search(documents, query).Select(p => p.Document.Title)];
        Assert.Equal(query.Contains("alpha", StringComparison.Ordinal) ? ["alpha"] : [], found);
    }

    [Fact]
    public void Search_EndlessQuery_IsCut()
    {
        Document[] documents = [Library.Document("A", 1, "bravo"), Library.Document("A", 1, "alpha")];
        string query = string.Concat(Enumerable.Range(0, 400_000).Select(i => $"w{i} ")) + " alpha";
        Assert.Empty(Search(documents, query));
        Assert.Equal("alpha", Search(documents, "alpha " + query)[0].Document.Title);
    }

    [Fact]
    public void Search_HostileDocuments_AreIndexedAsTheyAre()
    {
        Document[] documents =
        [
            Library.Document("A", 1, new string('t', 5000), new string('x', 300_000)),
            Library.Document("A", 1, "\uDC00\uD800", "\u0000\u0007 \u202E alpha"),
            Library.Document("A", 1, string.Empty, " \n "),
            Library.Document("A", 1, "\u7530\u4E2D\u82AF\u7247"),
        ];
        Assert.Same(documents[1], Search(documents, "alpha")[0].Document);
        Assert.Same(documents[3], Search(documents, "\u82AF\u7247")[0].Document);
        Assert.Empty(Search([], "alpha"));
        Assert.Empty(Search(documents[2..3], "alpha"));
    }

    [Fact]
    public void Search_BadArguments_AreRefused()
    {
        using DocumentIndex index = DocumentIndex.Build([], Encoder);
        Assert.Throws<ArgumentException>(() => index.Search("", Library.Start, "x", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search("A", Library.Start, "x", 0));
        Assert.Empty(index.Search("A", DateTimeOffset.MinValue, "x", 1));
    }

    private sealed class OtherEncoder : ITextEncoder
    {
        public List<string> Seen { get; } = [];

        public string Id => "other";

        public int Dimensions => Encoder.Dimensions;

        public void Encode(string text, Span<float> destination)
        {
            lock (Seen)
            {
                Seen.Add(text);
            }

            Encoder.Encode(text, destination);
        }
    }
}
