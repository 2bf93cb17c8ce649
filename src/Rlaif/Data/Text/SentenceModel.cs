using Microsoft.ML.OnnxRuntime;

namespace Rlaif.Data.Text;

/// <summary>An ONNX file that turns the tokens of texts into a vector per token. Thread-safe.</summary>
internal sealed class SentenceModel : IDisposable
{
    private const string Ids = "input_ids";
    private const string Mask = "attention_mask";
    private const string Types = "token_type_ids";

    // Tables may be padded to a multiple of this many rows for the sake of speed.
    private const int MostSpareRows = 128;
    private const int MaxDimensions = 16_384;

    private static readonly string[] StateNames = ["last_hidden_state", "token_embeddings"];

    private readonly InferenceSession _session;
    private readonly string _path;
    private readonly string _output;

    private SentenceModel(InferenceSession session, string path)
    {
        _session = session;
        _path = path;
        _output = Output(session, path);
        RequireInputs(session, path);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="RlaifInputException">It is no complete ONNX model, or its inputs and outputs are not those of a sentence encoder.</exception>
    public static SentenceModel Open(string path)
    {
        InferenceSession? session = null;
        try
        {
            // One thread: the sums of several would depend on how the work was shared. Texts are what is done in parallel.
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                // Texts of every length are run: patterns of memory would be kept for each.
                EnableMemoryPattern = false,
                // What goes wrong is thrown, and said once.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            session = new InferenceSession(path, options);
            return new SentenceModel(session, path);
        }
        catch (Exception e) when (e is OnnxRuntimeException or RlaifInputException)
        {
            session?.Dispose();
            throw e as RlaifInputException ?? new RlaifInputException($"{path} is not a complete ONNX model: {FirstLine(e)}", e);
        }
    }

    /// <summary>Runs the shortest text and finds out how long the vectors are, and whether the vocabulary is the model's.</summary>
    /// <param name="begin">Number of the token before a text.</param>
    /// <param name="end">Number of the token after it.</param>
    /// <param name="tokens">Tokens of the vocabulary.</param>
    /// <param name="vocabulary">Its file, for messages.</param>
    /// <returns>Dimensions.</returns>
    /// <exception cref="RlaifInputException">Model and vocabulary do not belong together.</exception>
    public int Check(int begin, int end, int tokens, string vocabulary)
    {
        int dimensions = Run([begin, end], 1).Length / 2;
        if (dimensions is 0 or > MaxDimensions)
        {
            throw new RlaifInputException($"{_path} has vectors of {dimensions} values; 1 to {MaxDimensions} are allowed.");
        }

        // A token beyond the model's table is refused by the run; one far beyond the vocabulary must be.
        if (!Takes(begin, end, tokens - 1))
        {
            throw new RlaifInputException(
                $"{vocabulary} has {tokens} tokens, more than {_path} knows: they do not belong together."
            );
        }

        return Takes(begin, end, tokens - 1 + MostSpareRows)
            ? throw new RlaifInputException(
                $"{vocabulary} has {tokens} tokens, fewer than {_path} knows: they do not belong together."
            )
            : dimensions;
    }

    /// <summary>The vectors of the tokens of some texts of equal length.</summary>
    /// <param name="tokens">The tokens of the first text, then those of the next.</param>
    /// <param name="texts">Texts.</param>
    /// <exception cref="RlaifInputException">The model cannot be run.</exception>
    public float[] Run(long[] tokens, int texts)
    {
        try
        {
            return TryRun(tokens, texts);
        }
        catch (OnnxRuntimeException e)
        {
            throw new RlaifInputException($"{_path} fails on a text of {tokens.Length / texts} tokens: {FirstLine(e)}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private bool Takes(int begin, int end, int token)
    {
        try
        {
            TryRun([begin, token, end], 1);
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    private float[] TryRun(long[] tokens, int texts)
    {
        long[] shape = [texts, tokens.Length / texts];
        long[] ones = new long[tokens.Length];
        Array.Fill(ones, 1);
        using OrtValue ids = OrtValue.CreateTensorValueFromMemory(tokens, shape);
        using OrtValue mask = OrtValue.CreateTensorValueFromMemory(ones, shape);
        using OrtValue types = OrtValue.CreateTensorValueFromMemory(new long[tokens.Length], shape);
        var inputs = new Dictionary<string, OrtValue>(StringComparer.Ordinal) { [Ids] = ids, [Mask] = mask };
        if (_session.InputMetadata.ContainsKey(Types))
        {
            inputs[Types] = types;
        }

        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, inputs, [_output]);
        long[] states = outputs[0].GetTensorTypeAndShape().Shape;
        return states is [var rows, var columns, _] && rows == shape[0] && columns == shape[1]
            ? outputs[0].GetTensorDataAsSpan<float>().ToArray()
            : throw new RlaifInputException(
                $"{_path}: {_output} is [{string.Join(',', states)}] for {texts} texts of {shape[1]} tokens; a vector per token is needed."
            );
    }

    private static string Output(InferenceSession session, string path) =>
        StateNames.FirstOrDefault(session.OutputMetadata.ContainsKey) is { } name
        && session.OutputMetadata[name].ElementType == typeof(float)
            ? name
            : throw new RlaifInputException(
                $"{path} has the outputs {string.Join(", ", session.OutputMetadata.Keys)}; {string.Join(" or ", StateNames)} of 32-bit floats is needed."
            );

    private static void RequireInputs(InferenceSession session, string path)
    {
        if (session.InputMetadata.Keys.FirstOrDefault(k => k is not (Ids or Mask or Types)) is { } other)
        {
            throw new RlaifInputException($"{path} wants the input {other}; {Ids}, {Mask} and {Types} are what is given.");
        }

        foreach ((string name, NodeMetadata input) in session.InputMetadata)
        {
            if (input.ElementType != typeof(long) || input.Dimensions is not [< 0, < 0])
            {
                throw new RlaifInputException(
                    $"{path}: {name} is {input.ElementType.Name}[{string.Join(',', input.Dimensions)}]; 64-bit integers with both lengths open are needed."
                );
            }
        }

        if (!session.InputMetadata.ContainsKey(Ids) || !session.InputMetadata.ContainsKey(Mask))
        {
            throw new RlaifInputException($"{path} must have the inputs {Ids} and {Mask}.");
        }
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim();
}
