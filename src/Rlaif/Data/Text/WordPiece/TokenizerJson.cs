using System.Collections.Frozen;
using System.Text.Json;

namespace Rlaif.Data.Text.WordPiece;

/// <summary>
/// Reads a <c>tokenizer.json</c> of the Hugging Face tokenizers library. What it asks for is done exactly or refused by name: WordPiece models
/// with BERT's normalizer and pre-tokenizer are what BERT, MiniLM, MPNet and model2vec files of them have.
/// </summary>
internal static class TokenizerJson
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "tokenizer.json";

    /// <summary>The vocabulary of a file.</summary>
    /// <exception cref="InvalidDataException">It is not such a file, or asks for what is not supported.</exception>
    public static WordPieceVocabulary Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"it is not a tokenizer.json of the tokenizers library ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static WordPieceVocabulary Read(JsonElement root)
    {
        JsonElement model = root.GetProperty("model");
        RequireType(model, "model", "WordPiece");
        JsonElement splitter =
            Object(root, "pre_tokenizer")
            ?? throw new InvalidDataException("it has no pre_tokenizer; BertPreTokenizer is what is supported");
        RequireType(splitter, "pre_tokenizer", "BertPreTokenizer");
        BertNormalizer? normalizer = Object(root, "normalizer") is { } cleaner ? ReadNormalizer(cleaner) : null;
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty token in model.GetProperty("vocab").EnumerateObject())
        {
            tokens[token.Name] = token.Value.GetInt32();
        }

        var raw = new List<string>();
        var cleaned = new Dictionary<string, int>(StringComparer.Ordinal);
        if (Object(root, "added_tokens") is { } added)
        {
            ReadAdded(added, normalizer, tokens, raw, cleaned);
        }

        var defaults = new WordPieceVocabulary { Tokens = FrozenDictionary<string, int>.Empty, Unknown = "[UNK]" };
        return new WordPieceVocabulary
        {
            Tokens = tokens.ToFrozenDictionary(StringComparer.Ordinal),
            Unknown = Text(model, "unk_token") ?? defaults.Unknown,
            ContinuingPrefix = Text(model, "continuing_subword_prefix") ?? defaults.ContinuingPrefix,
            MaxCharactersPerWord = model.TryGetProperty("max_input_chars_per_word", out JsonElement most)
                ? most.GetInt32()
                : defaults.MaxCharactersPerWord,
            Normalizer = normalizer,
            RawTokens = raw,
            CleanedTokens = cleaned,
            Frame = Object(root, "post_processor") is { } frame ? ReadFrame(frame) : null,
        }.Checked();
    }

    private static void ReadAdded(
        JsonElement list,
        BertNormalizer? normalizer,
        Dictionary<string, int> tokens,
        List<string> raw,
        Dictionary<string, int> cleaned
    )
    {
        foreach (JsonElement added in list.EnumerateArray())
        {
            string content = added.GetProperty("content").GetString()!;
            tokens[content] = added.GetProperty("id").GetInt32();
            if (Flag(added, "single_word", false))
            {
                throw new InvalidDataException($"its added token {content} is for single words, which is not supported");
            }

            if (Flag(added, "normalized", false))
            {
                cleaned[normalizer?.Normalize(content) ?? content] = tokens[content];
            }
            else
            {
                raw.Add(content);
            }
        }
    }

    private static BertNormalizer ReadNormalizer(JsonElement normalizer)
    {
        RequireType(normalizer, "normalizer", "BertNormalizer");
        bool lowercase = Flag(normalizer, "lowercase", true);
        return new BertNormalizer
        {
            CleanText = Flag(normalizer, "clean_text", true),
            SpaceChinese = Flag(normalizer, "handle_chinese_chars", true),
            // Left open, it goes with the letters' case.
            StripAccents = Flag(normalizer, "strip_accents", lowercase),
            Lowercase = lowercase,
        };
    }

    private static (string Begin, string End) ReadFrame(JsonElement processor)
    {
        string? type = Text(processor, "type");
        if (type is "BertProcessing" or "RobertaProcessing")
        {
            return (processor.GetProperty("cls")[0].GetString()!, processor.GetProperty("sep")[0].GetString()!);
        }

        if (type is not "TemplateProcessing")
        {
            throw new InvalidDataException($"its post_processor is {type}, which is not supported");
        }

        JsonElement[] pieces = [.. processor.GetProperty("single").EnumerateArray()];
        return pieces.Length == 3 && pieces[1].TryGetProperty("Sequence", out _)
            ? (SpecialToken(pieces[0]), SpecialToken(pieces[2]))
            : throw new InvalidDataException("its post_processor does not put one token before and one after a text");
    }

    private static string SpecialToken(JsonElement piece) => piece.GetProperty("SpecialToken").GetProperty("id").GetString()!;

    private static void RequireType(JsonElement element, string name, string type)
    {
        if (Text(element, "type") is var found && found != type)
        {
            throw new InvalidDataException($"its {name} is {found ?? "of no type"}; {type} is what is supported");
        }
    }

    private static JsonElement? Object(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement element, string name) => Object(element, name)?.GetString();

    private static bool Flag(JsonElement element, string name, bool otherwise) =>
        Object(element, name)?.GetBoolean() ?? otherwise;
}
