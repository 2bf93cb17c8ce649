using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

/// <summary>A step of training as the papers write it: doubles, one candidate at a time, one parameter at a time. The oracle of the fast one.</summary>
internal sealed class ReferenceTraining(
    NetworkArchitecture architecture,
    double[] parameters,
    BradleyTerryLoss loss,
    double decay,
    double clip
)
{
    private readonly double[] _mean = new double[parameters.Length];
    private readonly double[] _square = new double[parameters.Length];
    private int _step;

    public double[] Parameters => parameters;

    /// <summary>The last step's gradient, before clipping.</summary>
    public double[] Gradient { get; private set; } = [];

    /// <summary>How near to zero the input of any rectifier came in the last step: <see cref="ReferenceNetwork.Clearance"/>.</summary>
    public double Clearance { get; private set; }

    /// <summary>The loss before the step.</summary>
    /// <param name="inputs">Numerical and text inputs of each candidate.</param>
    /// <param name="pairs">Pairs of candidates; these are numbered in the order in which they appear.</param>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="mask">What dropout leaves.</param>
    public double Step(
        IReadOnlyList<(double[] Numerical, double[] Text)> inputs,
        IReadOnlyList<ScoredPair> pairs,
        double learningRate,
        DropoutMask mask
    )
    {
        var network = new ReferenceNetwork(architecture, parameters);
        int[] order = [.. pairs.SelectMany(p => new[] { p.Chosen, p.Rejected }).Distinct()];
        var passes = order
            .Select(
                (candidate, row) =>
                    network.Forward(
                        inputs[candidate].Numerical,
                        inputs[candidate].Text,
                        (l, j) => mask.Keeps(l, (row * architecture.Layers[l].Outputs) + j) ? mask.Scale : 0
                    )
            )
            .ToArray();
        double[] scoreGradients = new double[order.Length];
        ScoredPair[] byRow =
        [
            .. pairs.Select(p => p with { Chosen = Array.IndexOf(order, p.Chosen), Rejected = Array.IndexOf(order, p.Rejected) }),
        ];
        Clearance = network.Clearance;
        PairLoss value = loss.Evaluate([.. passes.Select(p => p.Score)], byRow, scoreGradients);
        Gradient = new double[parameters.Length];
        for (int row = 0; row < order.Length; row++)
        {
            network.Backward(passes[row].Inputs, passes[row].Outputs, scoreGradients[row], Gradient, mask.Scale);
        }

        Update(learningRate);
        return value.Total;
    }

    private void Update(double learningRate)
    {
        _step++;
        double norm = Math.Sqrt(Gradient.Sum(g => g * g));
        double scale = norm > clip ? clip / norm : 1;
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = Gradient[i] * scale;
            _mean[i] = (0.9 * _mean[i]) + (0.1 * g);
            _square[i] = (0.999 * _square[i]) + (0.001 * g * g);
            double mean = _mean[i] / (1 - Math.Pow(0.9, _step));
            double square = _square[i] / (1 - Math.Pow(0.999, _step));
            parameters[i] -= (learningRate * decay * parameters[i]) + (learningRate * mean / (Math.Sqrt(square) + 1e-8));
        }
    }
}
