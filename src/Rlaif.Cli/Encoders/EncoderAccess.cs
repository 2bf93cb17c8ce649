using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>Text encoders for verbs: opened by name, and remembered on disk where encoding costs more than looking up.</summary>
internal static class EncoderAccess
{
    /// <summary>The encoder that was asked for.</summary>
    /// <exception cref="RlaifInputException">There is none of the name, or its files are damaged or not supported.</exception>
    public static ITextEncoder OpenEncoder(this CommandContext context, string spec) =>
        Remembered(context, TextEncoders.Open(spec, context.Home.Encoders));

    /// <summary>A version of the reward model, with its encoder.</summary>
    /// <exception cref="RlaifInputException">There is no such version, its file is damaged, or its encoder is not there or another.</exception>
    public static Task<RewardModel> LoadModelAsync(this CommandContext context, ModelRegistry registry, string version) =>
        registry.LoadAsync(
            version,
            spec => Remembered(context, TextEncoders.Reopen(spec, context.Home.Encoders)),
            context.CancellationToken
        );

    /// <summary>
    /// Encodes the texts of candidates on all threads, with progress, so that they are there when a model asks for them one by one; says which
    /// are too long. Encoders that are quicker than looking up have nothing to do.
    /// </summary>
    public static async Task EncodeAheadAsync(
        this CommandContext context,
        ITextEncoder encoder,
        IEnumerable<Candidate> candidates
    )
    {
        if (encoder is not DiskCachedTextEncoder remembered)
        {
            return;
        }

        string[] texts = [.. candidates.Select(RewardModel.TextOf).Distinct(StringComparer.Ordinal)];
        int truncated = await context.Output.ProgressAsync(
            "encoding texts",
            progress =>
            {
                var told = new Texts(progress, texts.Length);
                float[] vectors = new float[texts.Length * encoder.Dimensions];
                encoder.EncodeAll(texts, vectors, context.Threads, told, context.CancellationToken);
                return Task.FromResult(texts.Count(encoder.IsTruncated));
            }
        );
        context.Output.Detail($"{texts.Length} texts by {encoder.Id}: {remembered.Hits} known, {remembered.Misses} encoded");
        if (truncated > 0)
        {
            context.Output.Warn(
                $"{truncated} of {texts.Length} texts are longer than {encoder.Id} reads; their ends do not count"
            );
        }
    }

    private static ITextEncoder Remembered(CommandContext context, ITextEncoder encoder) =>
        encoder is HashedTextEncoder ? encoder : new DiskCachedTextEncoder(encoder, context.Home.Embeddings, context.Output.Warn);

    private sealed class Texts(IProgress<ProgressUpdate> progress, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new ProgressUpdate("encoding texts", value, total));
    }
}
