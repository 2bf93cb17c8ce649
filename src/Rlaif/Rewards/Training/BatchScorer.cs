using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>Scores all candidates of a data set, some hundred at a time.</summary>
internal sealed class BatchScorer(RewardNetwork network, WorkTeam team)
{
    private const int BatchRows = 256;

    private readonly NetworkWorkspace _workspace = new(network.Architecture, BatchRows, training: false);

    /// <summary>One score per candidate.</summary>
    public double[] Score(TrainingData data)
    {
        double[] scores = new double[data.Count];
        for (int start = 0; start < scores.Length; start += BatchRows)
        {
            int rows = Math.Min(BatchRows, scores.Length - start);
            ScoreBatch(data, start, scores.AsSpan(start, rows));
        }

        return scores;
    }

    private void ScoreBatch(TrainingData data, int first, Span<double> scores)
    {
        int rows = scores.Length;
        for (int row = 0; row < rows; row++)
        {
            data.CopyTo(_workspace, first + row, row);
        }

        int pieces = Math.Min(team.Threads, rows);
        team.Run(pieces, piece => network.Forward(_workspace, rows * piece / pieces, rows * (piece + 1) / pieces));
        for (int row = 0; row < rows; row++)
        {
            scores[row] = _workspace.Scores.Row(row, 1)[0];
        }
    }
}
