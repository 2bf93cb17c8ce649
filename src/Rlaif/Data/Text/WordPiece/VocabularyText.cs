using System.Collections.Frozen;

namespace Rlaif.Data.Text.WordPiece;

/// <summary>Reads a <c>vocab.txt</c>: a token a line, its number the line's. The names of the special tokens tell BERT's from MPNet's.</summary>
internal static class VocabularyText
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "vocab.txt";

    private static readonly string[] Bert = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    private static readonly string[] MPNet = ["<s>", "<pad>", "</s>", "<unk>", "[UNK]", "<mask>"];

    /// <summary>The vocabulary of a file.</summary>
    /// <param name="text">What the file holds.</param>
    /// <param name="lowercase">Whether the model knows lower case only (<c>do_lower_case</c>).</param>
    /// <exception cref="InvalidDataException">A token is there twice, or a special token is missing.</exception>
    public static WordPieceVocabulary Parse(string text, bool lowercase)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        string[] lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n');
        for (int line = 0; line < lines.Length; line++)
        {
            if (!tokens.TryAdd(lines[line], line))
            {
                throw new InvalidDataException($"line {line + 1} has token {lines[line]} again");
            }
        }

        bool isMPNet = tokens.ContainsKey(MPNet[0]) && tokens.ContainsKey(MPNet[2]);
        string[] special = isMPNet ? MPNet : Bert;
        return new WordPieceVocabulary
        {
            Tokens = tokens.ToFrozenDictionary(StringComparer.Ordinal),
            Unknown = tokens.ContainsKey("[UNK]") || !isMPNet ? "[UNK]" : "<unk>",
            Normalizer = new BertNormalizer { Lowercase = lowercase, StripAccents = lowercase },
            RawTokens = [.. special.Where(tokens.ContainsKey)],
            Frame = isMPNet ? (MPNet[0], MPNet[2]) : (Bert[2], Bert[3]),
        }.Checked();
    }
}
