using Rlaif.Core;
using Rlaif.Data.Text;

namespace Rlaif.Tests.Data.Text;

public sealed class OnnxTextEncoderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static float[] Encode(OnnxTextEncoder encoder, string text)
    {
        float[] vector = new float[encoder.Dimensions];
        encoder.Encode(text, vector);
        return vector;
    }

    private string Refusal(string folder)
    {
        string message = Assert.Throws<RlaifInputException>(() => OnnxTextEncoder.Open(folder)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static void Change(string file, string old, string changed)
    {
        string text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(old, changed, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TinyEncoders.Bert)]
    [InlineData(TinyEncoders.MPNet)]
    public void Encode_ReferenceTexts_EqualsTorch(string name)
    {
        using OnnxTextEncoder encoder = OnnxTextEncoder.Open(TinyEncoders.PathOf(name));
        IReadOnlyList<TinyEncoders.Reference> references = TinyEncoders.References(name);
        Assert.True(references.Count > 12);
        Assert.Contains(references, r => r.Truncated);
        foreach (TinyEncoders.Reference reference in references)
        {
            float[] vector = Encode(encoder, reference.Text);
            Assert.Equal(32, vector.Length);
            Assert.All(vector.Zip(reference.Vector!), x => Assert.Equal(x.Second, x.First, 1e-5));
            Assert.Equal(reference.Truncated, encoder.IsTruncated(reference.Text));
        }
    }

    [Theory]
    [InlineData(TinyEncoders.Bert)]
    [InlineData(TinyEncoders.MPNet)]
    public void EncodeAll_AnyThreads_GivesTheBitsOfEachTextAlone(string name)
    {
        using OnnxTextEncoder encoder = OnnxTextEncoder.Open(TinyEncoders.PathOf(name));
        string[] texts = [.. TinyEncoders.Tokens().Select(t => t.Text), .. TinyEncoders.References(name).Select(r => r.Text)];
        float[] alone = [.. texts.SelectMany(t => Encode(encoder, t))];
        foreach (int threads in (int[])[1, 2, 5])
        {
            float[] together = new float[alone.Length];
            var told = new Told();
            encoder.EncodeAll(texts, together, threads, told);
            Assert.Equal(alone, together);
            Assert.Equal(texts.Length, told.Most);
        }
    }

    [Fact]
    public void EncodeAll_Cancelled_Stops()
    {
        using OnnxTextEncoder encoder = OnnxTextEncoder.Open(TinyEncoders.PathOf(TinyEncoders.Bert));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => encoder.EncodeAll(["a"], new float[32], 1, null, stop.Token));
    }

    [Fact]
    public void Id_Folder_HasKindNameDimensionsAndHashOfEverythingThatMatters()
    {
        string folder = TinyEncoders.Copy(TinyEncoders.Bert, _folder);
        string id = IdOf(folder);
        Assert.Matches("^onnx-v1/tiny-bert/32/[0-9a-f]{12}$", id);
        Change(Path.Combine(folder, "sentence_bert_config.json"), "32", "31");
        string shorter = IdOf(folder);
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"do_lower_case":false}""");
        string cased = IdOf(folder);
        Assert.Equal(3, new[] { id, shorter, cased }.Distinct().Count());

        static string IdOf(string folder)
        {
            using OnnxTextEncoder encoder = OnnxTextEncoder.Open(folder);
            return encoder.Id;
        }
    }

    [Fact]
    public void Open_SettingsOfSentenceTransformers_AreFollowed()
    {
        string folder = TinyEncoders.Copy(TinyEncoders.Bert, _folder);
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"do_lower_case":false}""");
        File.WriteAllText(Path.Combine(folder, "sentence_bert_config.json"), """{"max_seq_length":4,"do_lower_case":true}""");
        using OnnxTextEncoder encoder = OnnxTextEncoder.Open(folder);
        Assert.Equal(Encode(encoder, "buy sell"), Encode(encoder, "BUY SELL hold"));
        Assert.Equal(
            (4, true, false),
            (encoder.MaxTokens, encoder.IsTruncated("BUY SELL hold"), encoder.IsTruncated("BUY SELL"))
        );
        File.Delete(Path.Combine(folder, "sentence_bert_config.json"));
        using OnnxTextEncoder plain = OnnxTextEncoder.Open(folder);
        Assert.Equal(64, plain.MaxTokens);
        Assert.NotEqual(Encode(plain, "buy"), Encode(plain, "BUY"));
    }

    [Theory]
    [InlineData(
        "1_Pooling/config.json",
        "\"pooling_mode_cls_token\": false",
        "\"pooling_mode_cls_token\": true",
        "pooling_mode_cls_token is set"
    )]
    [InlineData(
        "1_Pooling/config.json",
        "\"pooling_mode_max_tokens\": false",
        "\"pooling_mode_max_tokens\": true",
        "mean pooling is what"
    )]
    [InlineData(
        "1_Pooling/config.json",
        "\"pooling_mode_mean_tokens\": true",
        "\"pooling_mode_mean_tokens\": false",
        "must be true"
    )]
    [InlineData("sentence_bert_config.json", "32", "65", "max_seq_length is 65, but the model has 64 positions")]
    [InlineData("sentence_bert_config.json", "32", "2", "from 3 to")]
    [InlineData("vocab.txt", "[SEP]\n", "[SEP2]\n", "token [SEP] is missing")]
    [InlineData("vocab.txt", "[MASK]\n", "[MASK]\nextra\n", "more than")]
    public void Open_FilesThatDoNotFit_IsRefusedInOneLine(string file, string old, string changed, string message)
    {
        string folder = TinyEncoders.Copy(TinyEncoders.Bert, _folder);
        Change(Path.Combine(folder, file), old, changed);
        Assert.Contains(message, Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_VocabularyOfASmallerModel_IsRefused()
    {
        string folder = TinyEncoders.Copy(TinyEncoders.Bert, _folder);
        string vocabulary = Path.Combine(folder, "vocab.txt");
        File.WriteAllLines(vocabulary, File.ReadLines(vocabulary).Take(20).ToArray());
        Assert.Contains("has 20 tokens, fewer than", Refusal(folder), StringComparison.Ordinal);
        Assert.Contains("do not belong together", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ModelFileThatIsNone_IsRefusedInOneLine()
    {
        string folder = TinyEncoders.Copy(TinyEncoders.Bert, _folder);
        string model = Path.Combine(folder, "model.onnx");
        byte[] bytes = File.ReadAllBytes(model);
        foreach (int length in (int[])[0, 10, bytes.Length / 2, bytes.Length - 1])
        {
            File.WriteAllBytes(model, bytes[..length]);
            Assert.Contains("model.onnx", Refusal(folder), StringComparison.Ordinal);
        }

        File.Delete(model);
        Assert.Contains("has no model.onnx", Refusal(folder), StringComparison.Ordinal);
        Assert.Contains("There is no folder", Refusal(_folder.PathOf("absent")), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoTokenizerOrNoFrame_IsRefused()
    {
        string folder = TinyEncoders.Copy(TinyEncoders.MPNet, _folder);
        Change(Path.Combine(folder, "tokenizer.json"), "\"post_processor\": {", "\"was_post_processor\": {");
        Assert.Contains("names no tokens that stand before and after", Refusal(folder), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "tokenizer.json"));
        Assert.Contains("has no tokenizer", Refusal(folder), StringComparison.Ordinal);
    }

    private sealed class Told : IProgress<int>
    {
        private int _most;

        public int Most => _most;

        public void Report(int value)
        {
            int seen = _most;
            while (value > seen)
            {
                seen = Interlocked.CompareExchange(ref _most, value, seen);
            }
        }
    }
}
