using System.Security.Cryptography;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Features;

namespace Rlaif.Rewards.Training;

/// <summary>A hash of all that a training reads of its data: equal for equal data, and for no others.</summary>
internal static class DataHash
{
    private const int BufferBytes = 1 << 16;

    /// <summary>SHA-256 over the pairs of the sides and what they count, and over the candidates' texts, positions and market features, in order.</summary>
    public static string Of(params ReadOnlySpan<PreferenceDataset> sides)
    {
        using var hash = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        using (var writer = new BinaryWriter(new BufferedStream(hashing, BufferBytes)))
        {
            foreach (PreferenceDataset side in sides)
            {
                writer.Write(side.Pairs.Count);
                foreach (PreferencePair pair in side.Pairs)
                {
                    Write(writer, pair);
                }

                WriteCandidates(writer, side.Candidates);
            }
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }

    private static void Write(BinaryWriter writer, PreferencePair pair)
    {
        writer.Write(pair.PairId);
        writer.Write(pair.ChosenId);
        writer.Write(pair.RejectedId);
        writer.Write(pair.Confidence);
        writer.Write(pair.OutcomeMargin);
        writer.Write(pair.KnownAt.UtcTicks);
    }

    private static void WriteCandidates(BinaryWriter writer, IReadOnlyList<SettledCandidate> candidates)
    {
        Span<double> own = stackalloc double[CandidateFeatures.Count];
        var contexts = new HashSet<string>(StringComparer.Ordinal);
        writer.Write(candidates.Count);
        foreach (SettledCandidate settled in candidates)
        {
            writer.Write(settled.Candidate.CandidateId);
            writer.Write(TextVectors.TextOf(settled.Candidate));
            CandidateFeatures.Write(settled.Candidate, own);
            foreach (double value in own)
            {
                writer.Write(value);
            }

            writer.Write(settled.Context.ContextId);
            if (contexts.Add(settled.Context.ContextId))
            {
                Write(writer, settled.Context);
            }
        }
    }

    private static void Write(BinaryWriter writer, DecisionContext context)
    {
        writer.Write(context.AsOf.UtcTicks);
        writer.Write(context.Features.Count);
        foreach ((string name, double? value) in context.Features.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            writer.Write(name);
            writer.Write(value ?? double.NaN);
        }
    }
}
