using System.Globalization;
using System.Text.Json;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;
using static Rlaif.Rewards.Onnx.OnnxGraph;

namespace Rlaif.Rewards.Onnx;

/// <summary>
/// Writes down as an ONNX graph everything that a reward model does between what is known of a candidate and its reward. Each step is
/// done in the precision in which <see cref="FeatureBuilder"/>, <see cref="TextScaler"/> and <see cref="EnsembleRule"/> do it.
/// </summary>
internal sealed class OnnxExport
{
    private const string Format = "rlaif-reward-model-onnx-v1";

    // Columns of the input "candidate".
    private static readonly string[] CandidateNames = ["side", "position_size", "agent_score", "agent_confidence"];

    private readonly OnnxGraph _graph = new();
    private readonly RewardModel _model;
    private readonly FeatureScaler _scaler;

    private OnnxExport(RewardModel model)
    {
        _model = model;
        _scaler = model.Features.Scaler;
    }

    public static byte[] Create(RewardModel model)
    {
        var export = new OnnxExport(model);
        export.Build();
        return export._graph.ToModel(
            "Reward of a trading candidate: higher is better, without a unit, defined up to a constant.",
            model.Metadata.LibraryVersion,
            export.Metadata()
        );
    }

    private void Build()
    {
        (string numerical, string exposure) = Numerical();
        string text = Text(exposure);
        string[] scores = [.. _model.Members.Select(m => Score(m.Network, numerical, text))];
        Combine(_graph.Cast(_graph.Concat(scores), Element.Double));
    }

    /// <summary>The columns of the schema, and the exposure among them.</summary>
    private (string Numerical, string Exposure) Numerical()
    {
        List<string> columns = [];
        string? market = null;
        if (_model.MarketFeatureNames.Count > 0)
        {
            string raw = _graph.Input(
                "market",
                Element.Double,
                _model.MarketFeatureNames.Count,
                "Market features in the order of the metadata's market_features; NaN where unknown"
            );
            market = Market(raw);
            columns.AddRange(new[] { market, Missing(raw) }.OfType<string>());
        }

        string own = Candidate();
        string exposure = _graph.Columns(own, CandidateFeatures.Exposure);
        columns.Add(own);
        if (market is not null)
        {
            columns.Add(_graph.Apply("Mul", exposure, market));
            columns.AddRange(Interactions(market, exposure));
        }

        return (_graph.Concat([.. columns]), exposure);
    }

    /// <summary>Market features in standard deviations; null when none ever varied.</summary>
    private string? Market(string raw)
    {
        if (_scaler.MarketNames.Count == 0)
        {
            return null;
        }

        string chosen = _graph.Columns(raw, _scaler.MarketNames.Select(PositionOf));
        string scaled = Standardized(chosen, _scaler.MarketMeans, _scaler.MarketDeviations);
        return _graph.Apply("Where", _graph.Apply("IsNaN", chosen), _graph.Constant(0f), scaled);
    }

    private string? Missing(string raw) =>
        _scaler.MissingNames.Count == 0
            ? null
            : _graph.Cast(_graph.Apply("IsNaN", _graph.Columns(raw, _scaler.MissingNames.Select(PositionOf))), Element.Float);

    /// <summary>The candidate's own features, in the order of <see cref="CandidateFeatures.Columns"/>.</summary>
    private string Candidate()
    {
        string raw = _graph.Input(
            "candidate",
            Element.Double,
            CandidateNames.Length,
            "side (1 buy, -1 sell, 0 hold), position_size (fraction of equity), agent_score (-1 to 1), agent_confidence (0 to 1)"
        );
        string[] part = [.. CandidateNames.Select((_, i) => _graph.Columns(raw, i))];
        string isHold = _graph.Cast(_graph.Apply("Equal", part[0], _graph.Constant(0.0)), Element.Double);
        string all = _graph.Concat(
            part[0],
            part[1],
            _graph.Apply("Mul", part[0], part[1]),
            part[2],
            part[3],
            _graph.Apply("Mul", part[0], part[2]),
            isHold
        );
        return Standardized(all, _scaler.CandidateMeans, _scaler.CandidateDeviations);
    }

    private IEnumerable<string> Interactions(string market, string exposure)
    {
        IReadOnlyList<FeatureInteraction> interactions = _scaler.Interactions;
        if (interactions.Count == 0)
        {
            return [];
        }

        string[] names = [.. _scaler.MarketNames];
        string product = _graph.Apply(
            "Mul",
            _graph.Columns(market, interactions.Select(i => Array.IndexOf(names, i.First))),
            _graph.Columns(market, interactions.Select(i => Array.IndexOf(names, i.Second)))
        );
        string scaled = Standardized(
            _graph.Cast(product, Element.Double),
            [.. interactions.Select(i => i.Mean)],
            [.. interactions.Select(i => i.Deviation)]
        );
        return [_graph.Apply("Mul", exposure, scaled)];
    }

    private string Text(string exposure)
    {
        string raw = _graph.Input(
            "text",
            Element.Float,
            _model.Architecture.TextDim,
            "The encoder's vector of the analysis and the lines of the reasoning, joined by line feeds"
        );
        string centered = _graph.Apply("Sub", raw, _graph.Constant(_model.TextScaler.Means));
        string scaled = _graph.Apply("Mul", centered, _graph.Constant(_model.TextScaler.Factor));
        const float Clip = (float)FeatureBuilder.ClipDeviations;
        string clipped = _graph.Apply("Clip", scaled, _graph.Scalar(-Clip), _graph.Scalar(Clip));
        return _graph.Apply("Mul", clipped, exposure);
    }

    /// <summary>One member's network: both towers, their fusion, the score.</summary>
    private string Score(RewardNetwork network, string numerical, string text)
    {
        IReadOnlyList<DenseLayer> layers = network.Architecture.Layers;
        int towers = network.Architecture.HiddenDims.Count;
        string value = numerical;
        for (int i = 0; i < towers; i++)
        {
            // Inputs beyond the features are always 0, so their weights are left out.
            value = Rectified(Dense(network, layers[i], value, i == 0 ? _model.Schema.Columns.Count : layers[i].Inputs));
        }

        string projected = Rectified(Dense(network, layers[towers], text, layers[towers].Inputs));
        value = _graph.Concat(value, projected);
        for (int i = towers + 1; i < layers.Count - 1; i++)
        {
            value = Rectified(Dense(network, layers[i], value, layers[i].Inputs));
        }

        return Dense(network, layers[^1], value, layers[^1].Inputs);
    }

    private string Dense(RewardNetwork network, DenseLayer layer, string input, int inputs) =>
        _graph.Apply(
            "Gemm",
            input,
            _graph.Constant(network.Parameters.AsSpan(layer.Start, inputs * layer.Outputs), inputs, layer.Outputs),
            _graph.Constant(network.Parameters.AsSpan(layer.BiasStart, layer.Outputs).ToArray())
        );

    private string Rectified(string value) => _graph.Apply("Relu", value);

    /// <summary>The rule of <see cref="EnsembleRule"/> over the members' scores, side by side.</summary>
    private void Combine(string scores)
    {
        IReadOnlyList<RewardMember> members = _model.Members;
        string unit = _graph.Constant(members.Average(m => m.Deviation));
        // A member that says the same of all candidates counts 0: its gap is divided by infinity.
        double[] deviations = [.. members.Select(m => m.Deviation > 0 ? m.Deviation : double.PositiveInfinity)];
        string gaps = _graph.Apply("Sub", scores, _graph.Constant([.. members.Select(m => m.Mean)]));
        string normalized = _graph.Apply("Div", gaps, _graph.Constant(deviations));
        string mean = _graph.Reduce("ReduceMean", normalized);
        string apart = _graph.Apply("Sub", normalized, mean);
        string deviation = _graph.Apply("Sqrt", _graph.Reduce("ReduceMean", _graph.Apply("Mul", apart, apart)));
        RewardModelOptions options = _model.Metadata.Model;
        string reward = options.Ranking switch
        {
            RewardRanking.Mean => mean,
            RewardRanking.Min => _graph.Reduce("ReduceMin", normalized),
            _ => _graph.Apply("Sub", mean, _graph.Apply("Mul", deviation, _graph.Constant(options.DeviationPenalty))),
        };
        _graph.Output("reward", _graph.Apply("Mul", reward, unit), "What candidates are ranked by");
        _graph.Output("mean", _graph.Apply("Mul", mean, unit), "Mean of the members' scores");
        _graph.Output("deviation", _graph.Apply("Mul", deviation, unit), "How much the members disagree");
    }

    /// <summary>(value - mean) / deviation in double precision, clipped, then in single precision.</summary>
    private string Standardized(string value, double[] means, double[] deviations)
    {
        string centered = _graph.Apply("Sub", value, _graph.Constant(means));
        string scaled = _graph.Apply("Div", centered, _graph.Constant(deviations));
        const double Clip = FeatureBuilder.ClipDeviations;
        return _graph.Cast(_graph.Apply("Clip", scaled, _graph.Scalar(-Clip), _graph.Scalar(Clip)), Element.Float);
    }

    private int PositionOf(string name) => _model.MarketFeatureNames.Index().First(n => n.Item == name).Index;

    private Dictionary<string, string> Metadata()
    {
        RewardModelMetadata metadata = _model.Metadata;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["market_features"] = Json(_model.MarketFeatureNames),
            ["candidate_features"] = Json(CandidateNames),
            ["schema"] = Json(_model.Schema.Columns),
            ["schema_version"] = _model.Schema.Version,
            ["encoder"] = _model.Encoder.Id,
            ["members"] = Number(_model.MemberCount),
            ["ranking"] = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{metadata.Model.Ranking}"),
            ["deviation_penalty"] = Number(metadata.Model.DeviationPenalty),
            ["temperature"] = Number(metadata.Temperature),
            ["reward_mean"] = Number(metadata.RewardMean),
            ["reward_deviation"] = Number(metadata.RewardDeviation),
            ["known_until"] = metadata.KnownUntil.ToString("O", CultureInfo.InvariantCulture),
            ["data_hash"] = metadata.DataHash,
            ["fingerprint"] = _model.Fingerprint,
            ["library_version"] = metadata.LibraryVersion,
        };
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, RlaifJson.Compact);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
