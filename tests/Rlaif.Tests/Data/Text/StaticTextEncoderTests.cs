using System.Text;
using Rlaif.Core;
using Rlaif.Data.Text;

namespace Rlaif.Tests.Data.Text;

public sealed class StaticTextEncoderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static float[] Encode(StaticTextEncoder encoder, string text)
    {
        float[] vector = new float[encoder.Dimensions];
        encoder.Encode(text, vector);
        return vector;
    }

    private string Refusal(string folder)
    {
        string message = Assert.Throws<RlaifInputException>(() => StaticTextEncoder.Open(folder)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    [Theory]
    [InlineData(TinyEncoders.Static)]
    [InlineData(TinyEncoders.StaticQuantized)]
    public void Encode_ReferenceTexts_EqualsModel2VecsFormula(string name)
    {
        StaticTextEncoder encoder = StaticTextEncoder.Open(TinyEncoders.PathOf(name));
        IReadOnlyList<TinyEncoders.Reference> references = TinyEncoders.References(name);
        Assert.True(references.Count > 12);
        foreach (TinyEncoders.Reference reference in references)
        {
            float[] vector = Encode(encoder, reference.Text);
            Assert.Equal(reference.Vector!.Length, vector.Length);
            Assert.All(vector.Zip(reference.Vector), x => Assert.Equal(x.Second, x.First, 1e-6));
            Assert.Equal(reference.Truncated, encoder.IsTruncated(reference.Text));
        }
    }

    [Fact]
    public void Encode_NoKnownToken_IsZero() =>
        Assert.All(Encode(StaticTextEncoder.Open(TinyEncoders.PathOf(TinyEncoders.Static)), "😀 [UNK]"), v => Assert.Equal(0, v));

    [Fact]
    public void Open_MaxLength_LimitsTheTokens()
    {
        string folder = TinyEncoders.Copy(TinyEncoders.Static, _folder);
        string before = StaticTextEncoder.Open(folder).Id;
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"normalize":true,"max_length":2}""");
        StaticTextEncoder encoder = StaticTextEncoder.Open(folder);
        Assert.Equal(2, encoder.MaxTokens);
        Assert.NotEqual(before, encoder.Id);
        Assert.Equal(Encode(encoder, "a b"), Encode(encoder, "a b c"));
        Assert.True(encoder.IsTruncated("a b c"));
        Assert.False(encoder.IsTruncated("a b"));
    }

    [Fact]
    public void Id_Folder_HasKindNameDimensionsAndHash()
    {
        StaticTextEncoder encoder = StaticTextEncoder.Open(TinyEncoders.PathOf(TinyEncoders.Static) + "/");
        Assert.Matches("^static-v1/tiny-static/16/[0-9a-f]{12}$", encoder.Id);
        Assert.Equal("static:" + TinyEncoders.PathOf(TinyEncoders.Static), encoder.Spec);
        string folder = TinyEncoders.Copy(TinyEncoders.Static, _folder);
        Assert.Equal(encoder.Id, StaticTextEncoder.Open(folder).Id);
        string table = Path.Combine(folder, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(table);
        bytes[^4] ^= 1;
        File.WriteAllBytes(table, bytes);
        Assert.NotEqual(encoder.Id, StaticTextEncoder.Open(folder).Id);
    }

    [Fact]
    public void Open_WrongOrDamagedFiles_SaysWhichInOneLine()
    {
        Assert.Contains("There is no folder", Refusal(_folder.PathOf("absent")), StringComparison.Ordinal);

        string folder = TinyEncoders.Copy(TinyEncoders.Static, _folder);
        string table = Path.Combine(folder, "model.safetensors");
        byte[] whole = File.ReadAllBytes(table);
        File.WriteAllBytes(table, whole[..^100]);
        Assert.Contains("model.safetensors is not a table of token vectors", Refusal(folder), StringComparison.Ordinal);
        Assert.Contains("cut short", Refusal(folder), StringComparison.Ordinal);

        byte[] infinite = [.. whole];
        BitConverter.TryWriteBytes(infinite.AsSpan(whole.Length - 4), float.NaN);
        File.WriteAllBytes(table, infinite);
        Assert.Contains("not finite", Refusal(folder), StringComparison.Ordinal);

        File.WriteAllBytes(table, whole);
        File.Copy(
            Path.Combine(TinyEncoders.PathOf(TinyEncoders.MPNet), "tokenizer.json"),
            Path.Combine(folder, "tokenizer.json"),
            true
        );
        Assert.Contains(
            "tensor embeddings has 164 rows, but the vocabulary has 168 tokens",
            Refusal(folder),
            StringComparison.Ordinal
        );

        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), "{");
        Assert.Contains("tokenizer.json: it is not a tokenizer.json", Refusal(folder), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "tokenizer.json"));
        Assert.Contains("has no tokenizer", Refusal(folder), StringComparison.Ordinal);
        File.Copy(
            Path.Combine(TinyEncoders.PathOf(TinyEncoders.Static), "tokenizer.json"),
            Path.Combine(folder, "tokenizer.json")
        );
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"normalize":"perhaps"}""");
        Assert.Contains("normalize is \"perhaps\"; it must be true or false", Refusal(folder), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"max_length":0}""");
        Assert.Contains("max_length is 0", Refusal(folder), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "config.json"), "[]");
        Assert.Contains("config.json is no JSON object", Refusal(folder), StringComparison.Ordinal);
        File.Delete(table);
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        Assert.Contains("has no model.safetensors", Refusal(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"F16\", \"shape\": [41, 16]", "\"F16\", \"shape\": [16, 41]", "tensor mapping leads outside of the 16 rows")]
    [InlineData("\"F64\", \"shape\": [164]", "\"F16\", \"shape\": [656]", "tensor weights has 656 rows")]
    [InlineData("\"I64\", \"shape\": [164]", "\"U64\", \"shape\": [164]", "tensor mapping is of U64 instead of I32 or I64")]
    [InlineData("\"F16\", \"shape\": [41, 16]", "\"F16\", \"shape\": [656]", "tensor embeddings is [656]")]
    [InlineData("\"embeddings\"", "\"embedding1\"", "tensor embeddings is missing")]
    public void Open_TensorsThatDoNotFit_AreRefused(string old, string changed, string message)
    {
        string folder = TinyEncoders.Copy(TinyEncoders.StaticQuantized, _folder);
        string path = Path.Combine(folder, "model.safetensors");
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        Assert.Contains(old, text, StringComparison.Ordinal);
        Assert.Equal(old.Length, changed.PadRight(old.Length).Length);
        // A header of another length would have to say so in its first bytes: blanks make up for it.
        string padded = text.Replace(old, changed, StringComparison.Ordinal)
            .Replace("]}}", "]}}".PadRight(3 + old.Length - changed.Length), StringComparison.Ordinal);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(padded));
        Assert.Contains(message, Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_WrongLength_Throws()
    {
        StaticTextEncoder encoder = StaticTextEncoder.Open(TinyEncoders.PathOf(TinyEncoders.Static));
        Assert.Throws<ArgumentException>(() => encoder.Encode("buy", new float[15]));
    }
}
