using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Rlaif.Data.Text;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards;

/// <summary>
/// What the members' text layers make of each text. Half of a network's weights read the text vector, and a text that was met before need not pass them again: the
/// side that a candidate takes multiplies the projection as well as it does the vector. Thread-safe.
/// </summary>
internal sealed class TextProjections(IReadOnlyList<RewardMember> members, ITextEncoder encoder, TextScaler scaler)
{
    /// <summary>Texts kept, about 50 MB with five members; a full memory starts over.</summary>
    private const int Capacity = 20_000;

    private const int Width = NetworkArchitecture.TextProjectionDim;

    private readonly ConcurrentDictionary<string, float[]> _known = new(StringComparer.Ordinal);

    /// <summary>Finds the projections of texts, and makes those that are not there.</summary>
    /// <param name="texts">At most as many as <paramref name="room"/> has rows.</param>
    /// <param name="room">Where vectors may lie meanwhile.</param>
    /// <param name="found">For each text the projections of all members, one after another.</param>
    public void Find(ReadOnlySpan<string> texts, NetworkWorkspace room, Span<float[]> found)
    {
        var unknown = new List<int>();
        for (int i = 0; i < texts.Length; i++)
        {
            if (_known.TryGetValue(texts[i], out float[]? projections))
            {
                found[i] = projections;
            }
            else
            {
                unknown.Add(i);
            }
        }

        if (unknown.Count > 0)
        {
            Make(texts, unknown, room, found);
        }
    }

    /// <summary>Forgets all texts: the networks' weights have changed.</summary>
    public void Clear() => _known.Clear();

    /// <summary>The projections of vectors that are scaled already and lie in a workspace.</summary>
    public float[][] Project(NetworkWorkspace workspace, int rows)
    {
        float[][] projections = [.. Enumerable.Range(0, rows).Select(_ => new float[members.Count * Width])];
        var all = new MatrixView(new float[rows * Width], 0, Width);
        for (int m = 0; m < members.Count; m++)
        {
            members[m].Network.ProjectText(workspace.Text, all, rows);
            for (int row = 0; row < rows; row++)
            {
                all.Row(row, Width).CopyTo(projections[row].AsSpan(m * Width));
            }
        }

        return projections;
    }

    private void Make(ReadOnlySpan<string> texts, List<int> unknown, NetworkWorkspace room, Span<float[]> found)
    {
        foreach ((int row, int text) in unknown.Index())
        {
            Span<float> vector = room.Text.Row(row, encoder.Dimensions);
            encoder.Encode(texts[text], vector);
            scaler.Apply(vector);
        }

        if (_known.Count + unknown.Count > Capacity)
        {
            _known.Clear();
        }

        float[][] projections = Project(room, unknown.Count);
        foreach ((int row, int text) in unknown.Index())
        {
            found[text] = projections[row];
            _known[texts[text]] = projections[row];
        }
    }
}
