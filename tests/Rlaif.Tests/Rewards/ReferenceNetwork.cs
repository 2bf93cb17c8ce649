using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

/// <summary>The reward network as one would write it on a blackboard: doubles, one candidate at a time. The oracle of the fast one.</summary>
internal sealed class ReferenceNetwork(NetworkArchitecture architecture, double[] parameters)
{
    private readonly int _towers = architecture.HiddenDims.Count;

    /// <summary>
    /// How near to zero the input of any rectifier came in the passes so far. Within rounding of it another precision may take the other
    /// side, where the derivative is another one, and be as right.
    /// </summary>
    public double Clearance { get; set; } = double.MaxValue;

    /// <summary>The score, and every layer's input and output on the way.</summary>
    public (double Score, double[][] Inputs, double[][] Outputs) Forward(
        double[] numerical,
        double[] text,
        Func<int, int, double>? mask = null
    )
    {
        int layers = architecture.Layers.Count;
        double[][] inputs = new double[layers][];
        double[][] outputs = new double[layers][];
        for (int l = 0; l < layers; l++)
        {
            inputs[l] =
                l == 0 ? numerical
                : l == _towers ? text
                : l == _towers + 1 ? [.. outputs[_towers - 1], .. outputs[_towers]]
                : outputs[l - 1];
            outputs[l] = new double[architecture.Layers[l].Outputs];
            // From zeros alone comes the bias itself, in any precision.
            bool isRounded = l < layers - 1 && inputs[l].Any(v => v != 0);
            for (int j = 0; j < outputs[l].Length; j++)
            {
                double z = parameters[architecture.Layers[l].BiasStart + j];
                for (int i = 0; i < inputs[l].Length; i++)
                {
                    z += inputs[l][i] * parameters[Weight(l, i, j)];
                }

                Clearance = isRounded ? Math.Min(Clearance, Math.Abs(z)) : Clearance;
                outputs[l][j] = l == layers - 1 ? z : Math.Max(z, 0) * (mask?.Invoke(l, j) ?? 1);
            }
        }

        return (outputs[^1][0], inputs, outputs);
    }

    /// <summary>Adds <paramref name="scoreGradient"/> times the derivative of the score by every parameter.</summary>
    public void Backward(double[][] inputs, double[][] outputs, double scoreGradient, double[] gradient, double scale = 1)
    {
        int layers = architecture.Layers.Count;
        double[][] deltas = [.. outputs.Select(o => new double[o.Length])];
        deltas[^1][0] = scoreGradient;
        for (int l = layers - 1; l >= 0; l--)
        {
            double[] back = new double[inputs[l].Length];
            for (int j = 0; j < outputs[l].Length; j++)
            {
                double delta =
                    l == layers - 1 ? deltas[l][j]
                    : outputs[l][j] > 0 ? deltas[l][j] * scale
                    : 0;
                gradient[architecture.Layers[l].BiasStart + j] += delta;
                for (int i = 0; i < back.Length; i++)
                {
                    gradient[Weight(l, i, j)] += delta * inputs[l][i];
                    back[i] += delta * parameters[Weight(l, i, j)];
                }
            }

            if (l == _towers + 1)
            {
                deltas[_towers - 1] = back[..architecture.HiddenDims[^1]];
                deltas[_towers] = back[architecture.HiddenDims[^1]..];
            }
            else if (l > 0 && l != _towers)
            {
                deltas[l - 1] = back;
            }
        }
    }

    private int Weight(int layer, int input, int output) =>
        architecture.Layers[layer].Start + (input * architecture.Layers[layer].Outputs) + output;
}
