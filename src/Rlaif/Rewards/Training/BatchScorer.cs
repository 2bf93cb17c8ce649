using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>Scores all candidates of a data set, some hundred at a time.</summary>
internal sealed class BatchScorer(RewardNetwork network, WorkTeam team)
{
    /// <summary>Rows that a thread takes at once.</summary>
    private const int PieceRows = 48;

    private const int BatchRows = 8 * PieceRows;

    private readonly NetworkWorkspace _workspace = new(network.Architecture, BatchRows, training: false);

    /// <summary>One score per candidate.</summary>
    public double[] Score(TrainingData data)
    {
        double[] scores = new double[data.Count];
        for (int start = 0; start < scores.Length; start += BatchRows)
        {
            int rows = Math.Min(BatchRows, scores.Length - start);
            ScoreBatch(data, start, scores.AsMemory(start, rows));
        }

        return scores;
    }

    private void ScoreBatch(TrainingData data, int first, Memory<double> scores)
    {
        int pieces = (scores.Length + PieceRows - 1) / PieceRows;
        team.Run(
            pieces,
            piece =>
            {
                int start = piece * PieceRows;
                int end = Math.Min(start + PieceRows, scores.Length);
                for (int row = start; row < end; row++)
                {
                    data.CopyTo(_workspace, first + row, row);
                }

                network.Forward(_workspace, start, end);
                for (int row = start; row < end; row++)
                {
                    scores.Span[row] = _workspace.Scores.Row(row, 1)[0];
                }
            }
        );
    }
}
