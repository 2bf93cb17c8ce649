using System.Collections.Frozen;
using System.Text;
using CsCheck;
using Rlaif.Data.Text.WordPiece;

namespace Rlaif.Tests.Data.Text;

public sealed class WordPieceTokenizerTests
{
    private const string BertJson = """
        {"added_tokens":[{"id":0,"content":"[UNK]","single_word":false,"normalized":false}],
         "normalizer":{"type":"BertNormalizer"},"pre_tokenizer":{"type":"BertPreTokenizer"},
         "post_processor":null,"model":{"type":"WordPiece","vocab":{"[UNK]":0,"a":1,"##b":2}}}
        """;

    private static WordPieceVocabulary Bert { get; } =
        VocabularyText.Parse(
            File.ReadAllText(Path.Combine(TinyEncoders.PathOf(TinyEncoders.Bert), "vocab.txt")),
            lowercase: true
        );

    private static WordPieceVocabulary Of(params string[] tokens) =>
        new()
        {
            Tokens = tokens.Select((t, i) => (t, i)).ToFrozenDictionary(x => x.t, x => x.i, StringComparer.Ordinal),
            Unknown = tokens[0],
        };

    [Fact]
    public void Tokenize_OddTexts_EqualTheReferenceTokenizer()
    {
        var tokenizer = new WordPieceTokenizer(Bert);
        IReadOnlyList<TinyEncoders.Reference> texts = TinyEncoders.Tokens();
        Assert.Equal(300, texts.Count);
        Assert.All(texts, t => Assert.Equal(t.Tokens, tokenizer.Tokenize(t.Text)));
    }

    [Fact]
    public void Tokenize_AnyText_IsThatOfItsWordsOneAfterTheOther()
    {
        var tokenizer = new WordPieceTokenizer(Bert with { RawTokens = [] });
        Gen.String.Array[0, 4]
            .Sample(words =>
            {
                List<int> joined = tokenizer.Tokenize(string.Join(" \n\t", words));
                Assert.Equal(words.SelectMany(tokenizer.Tokenize), joined);
                Assert.All(joined, id => Assert.InRange(id, 0, Bert.Count - 1));
            });
    }

    [Fact]
    public void Tokenize_AccentsWhereGlobalizationIsInvariant_AreStripped()
    {
        // The process runs with invariant globalization, where the framework's own normalization does nothing.
        Assert.Equal("é", "é".Normalize(NormalizationForm.FormD));
        Assert.Equal([Bert.Tokens["cafe"]], new WordPieceTokenizer(Bert).Tokenize("CAFÉ"));
    }

    [Theory]
    [InlineData("ab", 1, 2)]
    [InlineData("abab", 0)]
    [InlineData("ac", 0)]
    [InlineData("bb", 0)]
    public void Tokenize_Word_IsCutIntoTheLongestPiecesOrUnknownAsAWhole(string word, params int[] expected) =>
        Assert.Equal(expected, new WordPieceTokenizer(Of("[UNK]", "a", "##b")).Tokenize(word));

    [Fact]
    public void Tokenize_VocabularyWithTheBarePrefix_Ends() =>
        Assert.Equal([0], new WordPieceTokenizer(Of("[UNK]", "a", "##", "#")).Tokenize("ab"));

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 1)]
    public void Tokenize_LongWord_IsUnknown(int characters, int tokens)
    {
        // Characters beyond 16 bits count once.
        List<int> ids = new WordPieceTokenizer(Of("[UNK]", "𐐨", "##𐐨")).Tokenize(
            string.Concat(Enumerable.Repeat("𐐀", characters))
        );
        Assert.Equal(tokens, ids.Count);
    }

    [Fact]
    public void Tokenize_WrittenTokens_LongestFirstAndCleanedOnesInAnyCase()
    {
        WordPieceVocabulary vocabulary = Of("[UNK]", "<s>", "<s>x", "a", "s", "<", ">") with
        {
            RawTokens = ["<s>", "<s>x"],
            CleanedTokens = new Dictionary<string, int> { ["<m>"] = 3 },
        };
        var tokenizer = new WordPieceTokenizer(vocabulary);
        Assert.Equal([2, 1, 3], tokenizer.Tokenize("<s>x<s>a"));
        Assert.Equal([5, 4, 6], tokenizer.Tokenize("<S>"));
        Assert.Equal([3, 3], tokenizer.Tokenize("<M> <m>"));
    }

    [Theory]
    [InlineData("\"WordPiece\"", "\"BPE\"", "its model is BPE; WordPiece is what is supported")]
    [InlineData("BertPreTokenizer", "Whitespace", "its pre_tokenizer is Whitespace")]
    [InlineData("{\"type\":\"BertPreTokenizer\"}", "null", "no pre_tokenizer")]
    [InlineData("BertNormalizer", "NFKC", "its normalizer is NFKC")]
    [InlineData("\"post_processor\":null", "\"post_processor\":{\"type\":\"ByteLevel\"}", "its post_processor is ByteLevel")]
    [InlineData(
        "\"post_processor\":null",
        "\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":[\"[CLS]\",5],\"sep\":[\"[SEP]\",6]}",
        "token [CLS] is missing"
    )]
    [InlineData("\"##b\":2", "\"##b\":7", "are not 0 to 2")]
    [InlineData("\"single_word\":false", "\"single_word\":true", "single words")]
    [InlineData("\"model\"", "\"modell\"", "not a tokenizer.json")]
    [InlineData("\"##b\":2}}}", "\"##b\":2}}", "not a tokenizer.json")]
    [InlineData("\"##b\":2", "\"##b\":\"x\"", "not a tokenizer.json")]
    public void Parse_WhatIsNotSupported_IsRefusedByName(string old, string changed, string message)
    {
        string json = BertJson.Replace(old, changed, StringComparison.Ordinal);
        Assert.NotEqual(BertJson, json);
        Exception e = Assert.Throws<InvalidDataException>(() => TokenizerJson.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TemplateProcessing_FramesTheText()
    {
        string json = BertJson.Replace(
            "\"post_processor\":null",
            """
            "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"a","type_id":0}},
              {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"##b","type_id":0}}]}
            """,
            StringComparison.Ordinal
        );
        Assert.Equal((1, 2), TokenizerJson.Parse(Encoding.UTF8.GetBytes(json)).FrameIds);
    }

    [Theory]
    [InlineData("[UNK]\n[CLS]\n[SEP]\na\na\n", "line 5 has token a again")]
    [InlineData("[UNK]\n[CLS]\na\n", "token [SEP] is missing")]
    public void Parse_VocabularyText_NamesWhatIsWrong(string text, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<InvalidDataException>(() => VocabularyText.Parse(text, lowercase: true)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Parse_VocabularyTextOfMPNet_HasItsFrameAndUnknownToken()
    {
        WordPieceVocabulary vocabulary = VocabularyText.Parse("<s>\n<pad>\n</s>\n<unk>\n[UNK]\nA\n", lowercase: false);
        Assert.Equal((0, 2), vocabulary.FrameIds);
        Assert.Equal(4, vocabulary.UnknownId);
        Assert.Equal([5, 4, 2], new WordPieceTokenizer(vocabulary).Tokenize("A a</s>"));
    }
}
