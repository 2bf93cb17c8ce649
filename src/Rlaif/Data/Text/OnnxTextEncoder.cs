using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Rlaif.Data.Text.WordPiece;

namespace Rlaif.Data.Text;

/// <summary>
/// A sentence-transformers model in ONNX, run by ONNX Runtime on the processor: a folder with <c>model.onnx</c> (or <c>onnx/model.onnx</c>),
/// <c>tokenizer.json</c> or <c>vocab.txt</c> (WordPiece, with the special tokens of BERT or of MPNet), and where they are there
/// <c>sentence_bert_config.json</c> (<c>max_seq_length</c>) and <c>1_Pooling/config.json</c> (mean pooling is what is supported). The vector of a
/// text is the mean of its tokens' last hidden states, scaled to unit length (Reimers and Gurevych, EMNLP 2019). Thread-safe.
/// </summary>
/// <remarks>
/// A text has the same vector alone and among others, on any number of threads: each run uses one thread, and only texts with equally many
/// tokens share a run, so that none is padded. Another processor may have other last digits, because the runtime picks its kernels by it.
/// </remarks>
public sealed class OnnxTextEncoder : ITextEncoder, IDisposable
{
    /// <summary>What every <see cref="Id"/> of this encoder starts with.</summary>
    public const string IdPrefix = "onnx-v1/";

    /// <summary>What stands before the path in a <see cref="Spec"/>.</summary>
    public const string SpecPrefix = "onnx:";

    internal static readonly string[] ModelFiles = ["model.onnx", "onnx/model.onnx"];

    private const string SentenceFile = "sentence_bert_config.json";
    private const string PoolingFile = "1_Pooling/config.json";
    private const string ModelConfigFile = "config.json";
    private const int DefaultMaxTokens = 512;
    private const int FewestTokens = 3;
    private const int MostTokens = 8_192;

    // More tokens in one run are no faster on a processor; fewer, in short texts, are up to five times slower.
    private const int TokensPerRun = 256;

    private readonly WordPieceTokenizer _tokenizer;
    private readonly SentenceModel _model;
    private readonly int _begin;
    private readonly int _end;

    private OnnxTextEncoder(EncoderFolder folder, string spec)
    {
        string modelFile =
            ModelFiles.FirstOrDefault(folder.Has)
            ?? throw new RlaifInputException($"{folder.Path} has no {ModelFiles[0]}, nor {ModelFiles[1]}.");
        RequireMeanPooling(folder);
        MaxTokens = ReadMaxTokens(folder);
        (WordPieceVocabulary vocabulary, string tokenizerFile) = Vocabulary(folder);
        _tokenizer = new WordPieceTokenizer(vocabulary);
        (_begin, _end) = vocabulary.FrameIds;
        _model = SentenceModel.Open(folder.PathOf(modelFile));
        try
        {
            Dimensions = _model.Check(_begin, _end, vocabulary.Count, folder.PathOf(tokenizerFile));
            string[] weights = [.. new[] { $"{modelFile}_data", $"{modelFile}.data" }.Where(folder.Has)];
            Id = folder.IdOf(
                IdPrefix.TrimEnd('/'),
                Dimensions,
                [modelFile, tokenizerFile, .. weights],
                $"{vocabulary.Normalizer}, max_tokens {MaxTokens}"
            );
        }
        catch
        {
            _model.Dispose();
            throw;
        }

        Spec = spec;
    }

    /// <summary>Kind, name of the folder, dimensions, and a hash of model, tokenizer and settings.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public string Spec { get; }

    /// <inheritdoc/>
    public int Dimensions { get; }

    /// <summary>Tokens of a text that are read, the two around it included; those beyond are left out.</summary>
    public int MaxTokens { get; }

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="RlaifInputException">A file is missing, damaged or not supported, or model and vocabulary do not belong together.</exception>
    public static OnnxTextEncoder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = new EncoderFolder(path);
        return Open(folder, SpecPrefix + folder.Path);
    }

    internal static OnnxTextEncoder Open(EncoderFolder folder, string spec) => new(folder, spec);

    /// <inheritdoc/>
    /// <exception cref="RlaifInputException">The model cannot be run on the text.</exception>
    public void Encode(string text, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (destination.Length != Dimensions)
        {
            throw new ArgumentException($"It has {destination.Length} values instead of {Dimensions}.", nameof(destination));
        }

        Pool(_model.Run(Tokens(text), 1), destination);
    }

    /// <inheritdoc/>
    /// <exception cref="RlaifInputException">The model cannot be run on one of the texts.</exception>
    public void EncodeAll(
        IReadOnlyList<string> texts,
        Memory<float> destination,
        int threads = 1,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(texts);
        long[][] tokens = new long[texts.Count][];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, tokens.Length, options, i => tokens[i] = Tokens(texts[i]));

        // The longest first: threads that end with short ones end together.
        int[][] runs =
        [
            .. Enumerable
                .Range(0, tokens.Length)
                .GroupBy(i => tokens[i].Length)
                .OrderByDescending(g => g.Key)
                .SelectMany(g => g.Chunk(Math.Max(1, TokensPerRun / g.Key))),
        ];
        int done = 0;
        Parallel.For(
            0,
            runs.Length,
            options,
            run =>
            {
                int[] indices = runs[run];
                float[] states = _model.Run([.. indices.SelectMany(i => tokens[i])], indices.Length);
                int length = states.Length / indices.Length;
                for (int row = 0; row < indices.Length; row++)
                {
                    Pool(states.AsSpan(row * length, length), destination.Span.Slice(indices[row] * Dimensions, Dimensions));
                }

                progress?.Report(Interlocked.Add(ref done, indices.Length));
            }
        );
    }

    /// <inheritdoc/>
    public bool IsTruncated(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _tokenizer.Tokenize(text).Count > MaxTokens - 2;
    }

    /// <summary>Frees the model; the encoder cannot be used afterwards.</summary>
    public void Dispose() => _model.Dispose();

    private long[] Tokens(string text)
    {
        List<int> tokens = _tokenizer.Tokenize(text);
        int kept = Math.Min(tokens.Count, MaxTokens - 2);
        return [_begin, .. tokens.Take(kept).Select(t => (long)t), _end];
    }

    /// <summary>Mean over the tokens, then unit length; summed one by one in double precision, so that no register width shows.</summary>
    private void Pool(ReadOnlySpan<float> states, Span<float> destination)
    {
        double[] sums = new double[Dimensions];
        for (int start = 0; start < states.Length; start += sums.Length)
        {
            for (int d = 0; d < sums.Length; d++)
            {
                sums[d] += states[start + d];
            }
        }

        double squares = 0;
        foreach (double sum in sums)
        {
            squares += sum * sum;
        }

        if (!double.IsFinite(squares))
        {
            throw new RlaifInputException($"{Id} gives values that are not finite: its model file is not usable.");
        }

        double scale = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (int d = 0; d < sums.Length; d++)
        {
            destination[d] = (float)(sums[d] * scale);
        }
    }

    // sentence-transformers can lower the text before the tokenizer sees it.
    private static (WordPieceVocabulary Vocabulary, string File) Vocabulary(EncoderFolder folder)
    {
        (WordPieceVocabulary vocabulary, string file) = folder.ReadVocabulary();
        if (vocabulary.Frame is null)
        {
            throw new RlaifInputException(
                $"{folder.PathOf(file)}: it names no tokens that stand before and after a text (post_processor)."
            );
        }

        return folder.Flag(SentenceFile, "do_lower_case") && vocabulary.Normalizer is { } normalizer
            ? (vocabulary with { Normalizer = normalizer with { Lowercase = true } }, file)
            : (vocabulary, file);
    }

    private static int ReadMaxTokens(EncoderFolder folder)
    {
        int? positions = folder.Number(ModelConfigFile, "max_position_embeddings", FewestTokens, int.MaxValue);
        int? wanted = folder.Number(SentenceFile, "max_seq_length", FewestTokens, MostTokens);
        return wanted > positions
            ? throw new RlaifInputException(
                $"{folder.PathOf(SentenceFile)}: max_seq_length is {wanted}, but the model has {positions} positions ({ModelConfigFile})."
            )
            : wanted ?? Math.Min(DefaultMaxTokens, positions ?? DefaultMaxTokens);
    }

    private static void RequireMeanPooling(EncoderFolder folder)
    {
        string[] others =
        [
            "pooling_mode_cls_token",
            "pooling_mode_max_tokens",
            "pooling_mode_mean_sqrt_len_tokens",
            "pooling_mode_weightedmean_tokens",
            "pooling_mode_lasttoken",
        ];
        if (others.FirstOrDefault(m => folder.Flag(PoolingFile, m)) is { } other)
        {
            throw new RlaifInputException($"{folder.PathOf(PoolingFile)}: {other} is set; mean pooling is what is supported.");
        }

        if (!folder.Flag(PoolingFile, "pooling_mode_mean_tokens", otherwise: true))
        {
            throw new RlaifInputException($"{folder.PathOf(PoolingFile)}: pooling_mode_mean_tokens must be true.");
        }
    }
}
