using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Preferences;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>The text vectors of a data set's candidates; a text that several candidates share is encoded and stored once.</summary>
internal sealed class TextVectors
{
    private readonly float[] _vectors;
    private readonly int _dimensions;
    private readonly int[] _rows;

    /// <summary>Vectors that are there already.</summary>
    /// <param name="vectors">One vector after another, each once.</param>
    /// <param name="dimensions">Length of a vector.</param>
    /// <param name="rows">For each candidate the number of its vector.</param>
    public TextVectors(float[] vectors, int dimensions, int[] rows)
    {
        _vectors = vectors;
        _dimensions = dimensions;
        _rows = rows;
    }

    /// <summary>Candidates.</summary>
    public int Count => _rows.Length;

    /// <summary>What the reward model reads of a candidate: its analysis, then its reasoning, a line each.</summary>
    public static string TextOf(Candidate candidate) => string.Join('\n', [candidate.Analysis, .. candidate.Reasoning]);

    public static TextVectors Encode(PreferenceDataset data, ITextEncoder encoder, WorkTeam team)
    {
        var distinct = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] rows = new int[data.Candidates.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            string text = TextOf(data.Candidates[i].Candidate);
            if (!distinct.TryGetValue(text, out rows[i]))
            {
                rows[i] = distinct.Count;
                distinct.Add(text, rows[i]);
            }
        }

        string[] texts = [.. distinct.Keys];
        int dimensions = encoder.Dimensions;
        float[] vectors = new float[texts.Length * dimensions];
        encoder.EncodeAll(texts, vectors, team.Threads);
        return new TextVectors(vectors, dimensions, rows);
    }

    /// <summary>Fits a scaler on the distinct texts.</summary>
    public TextScaler FitScaler() => TextScaler.Fit(_vectors, _dimensions);

    /// <summary>Scales all vectors in place.</summary>
    public void Scale(TextScaler scaler, WorkTeam team) =>
        team.RunInRanges(
            _vectors.Length / _dimensions,
            (start, end) =>
            {
                for (int row = start; row < end; row++)
                {
                    scaler.Apply(_vectors.AsSpan(row * _dimensions, _dimensions));
                }
            }
        );

    /// <summary>The vector of one candidate.</summary>
    public ReadOnlySpan<float> Of(int candidate) => _vectors.AsSpan(_rows[candidate] * _dimensions, _dimensions);
}
