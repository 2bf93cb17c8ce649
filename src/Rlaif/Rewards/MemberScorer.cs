using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Rlaif.Decisions;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Rewards;

/// <summary>Scores candidates with every member of a model. Thread-safe; a score has the same bits whether its candidate is scored alone or among others.</summary>
internal sealed class MemberScorer(IReadOnlyList<RewardMember> members, FeatureBuilder features, TextProjections projections)
{
    /// <summary>Candidates that a thread takes at once: their activations fit its cache.</summary>
    private const int BatchRows = 96;

    private readonly NetworkArchitecture _architecture = members[0].Network.Architecture;
    private readonly ConcurrentBag<NetworkWorkspace> _workspaces = [];

    /// <summary>The members' own scores, by candidate, then by member.</summary>
    public double[] ScoreAll(IReadOnlyList<(DecisionContext Context, Candidate Candidate)> candidates)
    {
        double[] scores = new double[candidates.Count * members.Count];
        int batches = (candidates.Count + BatchRows - 1) / BatchRows;
        if (batches == 1)
        {
            ScoreBatch(candidates, 0, scores);
            return scores;
        }

        try
        {
            Parallel.For(0, batches, batch => ScoreBatch(candidates, batch * BatchRows, scores));
        }
        catch (AggregateException e)
        {
            // What is wrong with a candidate is what the caller should hear, not that it was found out on some thread.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return scores;
    }

    /// <summary>The members' own scores of inputs that are scaled already; numerical inputs beyond those given are 0.</summary>
    public double[] Score(ReadOnlySpan<float> numerical, ReadOnlySpan<float> text)
    {
        NetworkWorkspace workspace = Rent();
        Span<float> inputs = workspace.Numerical.Row(0, _architecture.NumericalDim);
        inputs.Clear();
        numerical.CopyTo(inputs);
        text.CopyTo(workspace.Text.Row(0, text.Length));
        double[] scores = new double[members.Count];
        Forward(workspace, [new ProjectedText(projections.Project(workspace, 1)[0], 1)], scores);
        inputs.Clear();
        _workspaces.Add(workspace);
        return scores;
    }

    private void ScoreBatch(IReadOnlyList<(DecisionContext Context, Candidate Candidate)> candidates, int start, double[] scores)
    {
        int rows = Math.Min(BatchRows, candidates.Count - start);
        NetworkWorkspace workspace = Rent();
        string[] texts = new string[rows];
        float[][] projected = new float[rows][];
        var inputs = new ProjectedText[rows];
        DecisionContext? previous = null;
        for (int row = 0; row < rows; row++)
        {
            (DecisionContext context, Candidate candidate) = candidates[start + row];
            texts[row] = TextVectors.TextOf(candidate);
            WriteNumerical(context, candidate, workspace, row, isSibling: ReferenceEquals(context, previous));
            previous = context;
        }

        projections.Find(texts, workspace, projected);
        for (int row = 0; row < rows; row++)
        {
            inputs[row] = new ProjectedText(
                projected[row],
                workspace.Numerical.Row(row, _architecture.NumericalDim)[features.ExposureColumn]
            );
        }

        Forward(workspace, inputs, scores.AsSpan(start * members.Count, rows * members.Count));
        _workspaces.Add(workspace);
    }

    private void Forward(NetworkWorkspace workspace, ReadOnlySpan<ProjectedText> texts, Span<double> scores)
    {
        for (int m = 0; m < members.Count; m++)
        {
            members[m].Network.Forward(workspace, texts, m);
            for (int row = 0; row < texts.Length; row++)
            {
                scores[(row * members.Count) + m] = workspace.Scores.Row(row, 1)[0];
            }
        }
    }

    private void WriteNumerical(DecisionContext context, Candidate candidate, NetworkWorkspace workspace, int row, bool isSibling)
    {
        // Inputs beyond the features are never written and stay 0.
        Span<float> numerical = workspace.Numerical.Row(row, features.Schema.Columns.Count);
        if (isSibling)
        {
            features.BuildSibling(workspace.Numerical.Row(row - 1, numerical.Length), candidate, numerical);
        }
        else
        {
            features.Build(context, candidate, numerical);
        }
    }

    private NetworkWorkspace Rent() =>
        _workspaces.TryTake(out NetworkWorkspace? workspace)
            ? workspace
            : new NetworkWorkspace(_architecture, BatchRows, training: false);
}
