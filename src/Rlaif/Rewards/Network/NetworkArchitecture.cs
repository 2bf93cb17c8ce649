using System.Text.Json.Serialization;

namespace Rlaif.Rewards.Network;

/// <summary>
/// The shape of the reward network: a tower over the numerical inputs, a projection of the text vector, and a fusion of both that
/// ends in one unitless score. With 100 numerical and 768 text inputs it has 198,465 parameters.
/// </summary>
public sealed class NetworkArchitecture
{
    /// <summary>Width to which the text vector is projected.</summary>
    public const int TextProjectionDim = 128;

    /// <summary>Widths of the layers after both towers are joined.</summary>
    internal static readonly int[] FusionDims = [128, 64];

    /// <summary>Numerical inputs.</summary>
    public required int NumericalDim { get; init; }

    /// <summary>Length of the text vector.</summary>
    public required int TextDim { get; init; }

    /// <summary>Widths of the numerical tower.</summary>
    public required IReadOnlyList<int> HiddenDims { get; init; }

    /// <summary>Weights and biases in total.</summary>
    [JsonIgnore]
    public int ParameterCount => Layers[^1].End;

    /// <summary>The layers in the order of the forward pass, with their places in the flat parameter array.</summary>
    [JsonIgnore]
    internal IReadOnlyList<DenseLayer> Layers => field ??= CreateLayers();

    private List<DenseLayer> CreateLayers()
    {
        var layers = new List<DenseLayer>();
        int width = NumericalDim;
        for (int i = 0; i < HiddenDims.Count; i++)
        {
            Add(layers, $"numerical.{i}", width, HiddenDims[i], readsInput: i == 0);
            width = HiddenDims[i];
        }

        Add(layers, "text", TextDim, TextProjectionDim, readsInput: true);
        width += TextProjectionDim;
        for (int i = 0; i < FusionDims.Length; i++)
        {
            Add(layers, $"fusion.{i}", width, FusionDims[i], readsInput: false);
            width = FusionDims[i];
        }

        Add(layers, "score", width, 1, readsInput: false);
        return layers;
    }

    private static void Add(List<DenseLayer> layers, string name, int inputs, int outputs, bool readsInput) =>
        layers.Add(new DenseLayer(name, inputs, outputs, layers.Count == 0 ? 0 : layers[^1].End, readsInput));
}
