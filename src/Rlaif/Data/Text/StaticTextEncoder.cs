using Rlaif.Data.Text.WordPiece;

namespace Rlaif.Data.Text;

/// <summary>
/// A table with one vector per token, in the layout of model2vec (github.com/MinishLab/model2vec): <c>model.safetensors</c> with the tensor
/// <c>embeddings</c> (tokens by dimensions; half, single or double precision, or 8-bit integers) and, where the vocabulary was quantized,
/// <c>mapping</c> (token to row) and <c>weights</c> (per token); <c>tokenizer.json</c> (WordPiece); <c>config.json</c> with <c>normalize</c>. The
/// vector of a text is the mean of its tokens' vectors, unknown ones left out, of unit length if <c>normalize</c> says so. At most 512 tokens are
/// read, as model2vec does by default, or as many as <c>max_length</c> in <c>config.json</c> says. Thread-safe; the same bits on every machine.
/// </summary>
public sealed class StaticTextEncoder : ITextEncoder
{
    /// <summary>What every <see cref="Id"/> of this encoder starts with.</summary>
    public const string IdPrefix = "static-v1/";

    /// <summary>What stands before the path in a <see cref="Spec"/>.</summary>
    public const string SpecPrefix = "static:";

    internal const string ModelFile = "model.safetensors";

    private const string ConfigFile = "config.json";
    private const string Table = "embeddings";
    private const int DefaultMaxTokens = 512;
    private const int MostTokens = 1_000_000;
    private const int MaxDimensions = 16_384;
    private const long MaxModelBytes = int.MaxValue;

    private readonly float[] _table;
    private readonly int[]? _mapping;
    private readonly float[]? _weights;
    private readonly bool _normalize;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly int _unknown;
    private readonly int _maxCharacters;

    private StaticTextEncoder(EncoderFolder folder, string spec)
    {
        (WordPieceVocabulary vocabulary, string tokenizerFile) = folder.ReadVocabulary();
        MaxTokens = folder.Number(ConfigFile, "max_length", 1, MostTokens) ?? DefaultMaxTokens;
        (_table, Dimensions, _mapping, _weights) = ReadTable(folder, vocabulary.Count);
        _normalize = folder.Flag(ConfigFile, "normalize");
        _tokenizer = new WordPieceTokenizer(vocabulary);
        _unknown = vocabulary.UnknownId;
        _maxCharacters = MaxTokens * MedianLength(vocabulary.Tokens.Keys);
        Id = folder.IdOf(
            IdPrefix.TrimEnd('/'),
            Dimensions,
            [ModelFile, tokenizerFile],
            $"normalize {_normalize}, max_tokens {MaxTokens}"
        );
        Spec = spec;
    }

    /// <summary>Kind, name of the folder, dimensions, and a hash of table, tokenizer and settings.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public string Spec { get; }

    /// <inheritdoc/>
    public int Dimensions { get; }

    /// <summary>Tokens of a text that are read; those beyond are left out.</summary>
    public int MaxTokens { get; }

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="RlaifInputException">A file is missing, damaged or not supported, or table and vocabulary do not belong together.</exception>
    public static StaticTextEncoder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = new EncoderFolder(path);
        return Open(folder, SpecPrefix + folder.Path);
    }

    internal static StaticTextEncoder Open(EncoderFolder folder, string spec) => new(folder, spec);

    /// <inheritdoc/>
    public void Encode(string text, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (destination.Length != Dimensions)
        {
            throw new ArgumentException($"It has {destination.Length} values instead of {Dimensions}.", nameof(destination));
        }

        List<int> tokens = Known(text);
        int count = Math.Min(tokens.Count, MaxTokens);
        double[] sums = new double[Dimensions];
        for (int i = 0; i < count; i++)
        {
            int row = _mapping is null ? tokens[i] : _mapping[tokens[i]];
            double weight = _weights is null ? 1 : _weights[tokens[i]];
            ReadOnlySpan<float> vector = _table.AsSpan(row * Dimensions, Dimensions);
            for (int d = 0; d < sums.Length; d++)
            {
                sums[d] += weight * vector[d];
            }
        }

        double scale = Scale(sums, count);
        for (int d = 0; d < sums.Length; d++)
        {
            destination[d] = (float)(sums[d] * scale);
        }
    }

    /// <inheritdoc/>
    public bool IsTruncated(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > Beginning(text).Length || Known(text).Count > MaxTokens;
    }

    private List<int> Known(string text)
    {
        List<int> tokens = _tokenizer.Tokenize(Beginning(text));
        tokens.RemoveAll(t => t == _unknown);
        return tokens;
    }

    /// <summary>model2vec tokenizes no more than as many characters as that many tokens of median length have.</summary>
    private string Beginning(string text)
    {
        if (text.Length <= _maxCharacters)
        {
            return text;
        }

        int characters = 0;
        int end = 0;
        while (end < text.Length && characters < _maxCharacters)
        {
            end += char.IsSurrogatePair(text, end) ? 2 : 1;
            characters++;
        }

        return text[..end];
    }

    private double Scale(double[] sums, int count)
    {
        double mean = 1.0 / Math.Max(1, count);
        if (!_normalize)
        {
            return mean;
        }

        // One by one: a vectorized sum would depend on the width of the machine's registers.
        double squares = 0;
        foreach (double sum in sums)
        {
            squares += sum * sum;
        }

        return squares > 0 ? 1 / Math.Sqrt(squares) : mean;
    }

    private static int MedianLength(IEnumerable<string> tokens)
    {
        int[] lengths = [.. tokens.Select(t => t.EnumerateRunes().Count()).Order()];
        return (lengths[(lengths.Length - 1) / 2] + lengths[lengths.Length / 2]) / 2;
    }

    private static (float[] Table, int Dimensions, int[]? Mapping, float[]? Weights) ReadTable(EncoderFolder folder, int tokens)
    {
        byte[] bytes = folder.ReadBytes(ModelFile, MaxModelBytes);
        try
        {
            SafetensorsFile file = SafetensorsFile.Parse(bytes);
            if (file.ShapeOf(Table) is not [var rows, var dimensions and > 0 and <= MaxDimensions])
            {
                throw new InvalidDataException(
                    $"tensor {Table} is [{string.Join(',', file.ShapeOf(Table))}]; it must have a row per token and 1 to {MaxDimensions} columns"
                );
            }

            int[]? mapping = file.Has("mapping") ? ReadMapping(file, rows) : null;
            float[]? weights = file.Has("weights") ? file.AsFloats("weights") : null;
            RequireCount("mapping", mapping?.Length, tokens);
            RequireCount("weights", weights?.Length, tokens);
            RequireCount(Table, mapping is null ? rows : null, tokens);
            float[] table = file.AsFloats(Table);
            return table.All(float.IsFinite) && (weights is null || weights.All(float.IsFinite))
                ? (table, dimensions, mapping, weights)
                : throw new InvalidDataException("it holds values that are not finite");
        }
        catch (InvalidDataException e)
        {
            throw new RlaifInputException($"{folder.PathOf(ModelFile)} is not a table of token vectors: {e.Message}.", e);
        }
    }

    private static int[] ReadMapping(SafetensorsFile file, int rows)
    {
        long[] mapping = file.AsIntegers("mapping");
        return mapping.All(r => r >= 0 && r < rows)
            ? [.. mapping.Select(r => (int)r)]
            : throw new InvalidDataException($"tensor mapping leads outside of the {rows} rows");
    }

    private static void RequireCount(string tensor, int? rows, int tokens)
    {
        if (rows is { } count && count != tokens)
        {
            throw new InvalidDataException(
                $"tensor {tensor} has {count} rows, but the vocabulary has {tokens} tokens: they do not belong together"
            );
        }
    }
}
