using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra.Double;
using Rlaif.Rewards.Training;

namespace Rlaif.Rewards.Baselines;

/// <summary>
/// Bradley and Terry's model with a reward that is linear in the features: minimizes
/// <c>sum(w * log(1 + exp(-b'(x_chosen - x_rejected)))) / n + strength / 2 * b'b</c> by Newton's method with step halving. The
/// problem is convex, so it has one solution.
/// </summary>
internal sealed class PairLogit
{
    private const int MostSteps = 100;
    private const int MostHalvings = 40;

    /// <summary>Converged when the gradient is no longer.</summary>
    private const double Tolerance = 1e-9;

    private readonly double[][] _rows;
    private readonly ScoredPair[] _pairs;
    private readonly int _columns;

    /// <summary>Takes the features of each item, and the pairs among them with their weights (mean 1; margins are not used).</summary>
    public PairLogit(double[][] rows, ScoredPair[] pairs)
    {
        _rows = rows;
        _pairs = pairs;
        _columns = rows[0].Length;
    }

    /// <summary>Fits the weights, starting at <paramref name="start"/>.</summary>
    /// <param name="strength">Of the L2 penalty; positive.</param>
    /// <param name="start">One weight per feature; the result does not depend on it.</param>
    public double[] Fit(double strength, double[] start)
    {
        double[] weights = [.. start];
        double loss = Penalized(weights, strength);
        for (int step = 0; step < MostSteps; step++)
        {
            double[] gradient = Gradient(weights, strength);
            if (TensorPrimitives.Norm<double>(gradient) <= Tolerance)
            {
                break;
            }

            double[] direction = Solve(weights, strength, gradient);
            double[]? next = Descend(weights, direction, strength, ref loss);
            if (next is null)
            {
                // As low as rounding lets it get.
                break;
            }

            weights = next;
        }

        return weights;
    }

    /// <summary>Mean weighted log-loss without the penalty.</summary>
    public double Loss(double[] weights)
    {
        double sum = 0;
        double[] scores = Scores(weights);
        foreach (ScoredPair pair in _pairs)
        {
            sum += pair.Weight * BradleyTerryLoss.NegativeLogSigmoid(scores[pair.Chosen] - scores[pair.Rejected]);
        }

        return sum / _pairs.Length;
    }

    /// <summary>The gradient of what is minimized.</summary>
    public double[] Gradient(double[] weights, double strength)
    {
        double[] scores = Scores(weights);
        double[] pull = new double[_rows.Length];
        foreach (ScoredPair pair in _pairs)
        {
            double doubt = pair.Weight * BradleyTerryLoss.Sigmoid(scores[pair.Rejected] - scores[pair.Chosen]) / _pairs.Length;
            pull[pair.Chosen] -= doubt;
            pull[pair.Rejected] += doubt;
        }

        double[] gradient = new double[_columns];
        TensorPrimitives.Multiply(weights, strength, gradient);
        for (int row = 0; row < pull.Length; row++)
        {
            TensorPrimitives.MultiplyAdd(_rows[row], pull[row], gradient, gradient);
        }

        return gradient;
    }

    private double Penalized(double[] weights, double strength) =>
        Loss(weights) + (strength / 2 * TensorPrimitives.SumOfSquares<double>(weights));

    private double[]? Descend(double[] weights, double[] direction, double strength, ref double loss)
    {
        double[] next = new double[_columns];
        double length = 1;
        for (int halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            TensorPrimitives.MultiplyAdd(direction, -length, weights, next);
            double lower = Penalized(next, strength);
            if (lower < loss)
            {
                loss = lower;
                return next;
            }
        }

        return null;
    }

    /// <summary>Newton's direction. The Hessian is X'LX + strength * I, L being the Laplacian of the pairs: one product per item, not per pair.</summary>
    private double[] Solve(double[] weights, double strength, double[] gradient)
    {
        double[] scores = Scores(weights);
        double[][] curved = [.. _rows.Select(_ => new double[_columns])];
        double[] difference = new double[_columns];
        foreach (ScoredPair pair in _pairs)
        {
            double p = BradleyTerryLoss.Sigmoid(scores[pair.Chosen] - scores[pair.Rejected]);
            double curvature = pair.Weight * p * (1 - p) / _pairs.Length;
            TensorPrimitives.Subtract(_rows[pair.Chosen], _rows[pair.Rejected], difference);
            TensorPrimitives.MultiplyAdd(difference, curvature, curved[pair.Chosen], curved[pair.Chosen]);
            TensorPrimitives.MultiplyAdd(difference, -curvature, curved[pair.Rejected], curved[pair.Rejected]);
        }

        double[] hessian = new double[_columns * _columns];
        for (int row = 0; row < _rows.Length; row++)
        {
            for (int i = 0; i < _columns; i++)
            {
                Span<double> column = hessian.AsSpan((i * _columns) + i, _columns - i);
                TensorPrimitives.MultiplyAdd(curved[row].AsSpan(i), _rows[row][i], column, column);
            }
        }

        return [.. Symmetric(hessian, strength).Cholesky().Solve(new DenseVector(gradient))];
    }

    // The loops filled one triangle, the other follows.
    private DenseMatrix Symmetric(double[] lower, double strength)
    {
        for (int i = 0; i < _columns; i++)
        {
            lower[(i * _columns) + i] += strength;
            for (int j = i + 1; j < _columns; j++)
            {
                lower[(j * _columns) + i] = lower[(i * _columns) + j];
            }
        }

        return new DenseMatrix(_columns, _columns, lower);
    }

    private double[] Scores(double[] weights) => Array.ConvertAll(_rows, r => TensorPrimitives.Dot<double>(r, weights));
}
