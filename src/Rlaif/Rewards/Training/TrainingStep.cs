using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>
/// One step of training over one minibatch of pairs, again and again without allocating: score the batch's distinct candidates once, gather the
/// pairs' gradients, carry them back, and move the parameters. Work is shared among threads by rows (both passes), by kernel rows
/// (gradients) and by parameters (update); no sum is ever split, so the result has the same bits for any number of threads.
/// </summary>
internal sealed class TrainingStep
{
    /// <summary>Below this many candidates a thread has too little to do to be worth waking.</summary>
    private const int RowsPerPiece = 24;

    private const int ParametersPerPiece = 32_768;

    private readonly RewardNetwork _network;
    private readonly TrainingData _data;
    private readonly BradleyTerryLoss _loss;
    private readonly TrainingOptions _options;
    private readonly double _dropout;
    private readonly WorkTeam _team;
    private readonly WorkTeam _alone = new(1);
    private readonly NetworkWorkspace _workspace;
    private readonly AdamW _optimizer;
    private readonly GradientBlock[] _blocks;
    private readonly double[] _blockNorms;
    private readonly float[] _gradient;
    private readonly int[] _rowOf;
    private readonly int[] _lastStep;
    private readonly ScoredPair[] _pairs;
    private readonly double[] _scores;
    private readonly double[] _scoreGradients;
    private readonly Action<int> _forward;
    private readonly Action<int> _backward;
    private readonly Action<int> _differentiate;
    private readonly Action<int> _update;

    private int _step;
    private int _rows;
    private int _pieces;
    private DropoutMask? _mask;
    private double _learningRate;
    private double _gradientScale;

    public TrainingStep(RewardNetwork network, TrainingData data, TrainingOptions options, double dropout, WorkTeam team)
    {
        _network = network;
        _data = data;
        _loss = BradleyTerryLoss.Of(options);
        _options = options;
        _dropout = dropout;
        _team = team;
        int capacity = Math.Min(2 * options.BatchSize, data.Count);
        _workspace = new NetworkWorkspace(network.Architecture, capacity, training: true);
        _optimizer = new AdamW(network.Parameters.Length, options.WeightDecay);
        _blocks = GradientBlock.Of(network.Architecture);
        _blockNorms = new double[_blocks.Length];
        _gradient = new float[network.Parameters.Length];
        _rowOf = new int[data.Count];
        _lastStep = new int[data.Count];
        _pairs = new ScoredPair[options.BatchSize];
        _scores = new double[capacity];
        _scoreGradients = new double[capacity];
        (_forward, _backward, _differentiate, _update) = (Forward, Backward, Differentiate, Update);
    }

    /// <summary>Norm of the last step's gradient, before clipping.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Trains on the pairs at these positions of the data.</summary>
    /// <param name="pairs">Positions among the data's pairs, at most the batch size.</param>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="dropoutKey">Random bits that choose the activations left out.</param>
    public PairLoss Run(ReadOnlySpan<int> pairs, double learningRate, ulong dropoutKey)
    {
        Gather(pairs);
        _learningRate = learningRate;
        _mask = _dropout > 0 ? new DropoutMask(_dropout, dropoutKey) : null;
        _pieces = Math.Clamp(_rows / RowsPerPiece, 1, _team.Threads);
        WorkTeam team = _pieces == 1 ? _alone : _team;

        team.Run(_pieces, _forward);
        PairLoss loss = ScorePairs(pairs.Length);
        team.Run(_pieces, _backward);
        team.Run(_blocks.Length, _differentiate);
        GradientNorm = Math.Sqrt(_blockNorms.Sum());
        _gradientScale = GradientNorm > _options.GradientClip ? _options.GradientClip / GradientNorm : 1;
        _optimizer.NextStep();
        team.Run((_gradient.Length + ParametersPerPiece - 1) / ParametersPerPiece, _update);
        return loss;
    }

    /// <summary>Gives each distinct candidate of the batch a row, and the pairs those rows.</summary>
    private void Gather(ReadOnlySpan<int> pairs)
    {
        _step++;
        _rows = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            ScoredPair pair = _data.Pairs[pairs[i]];
            _pairs[i] = pair with { Chosen = RowOf(pair.Chosen), Rejected = RowOf(pair.Rejected) };
        }
    }

    private int RowOf(int candidate)
    {
        if (_lastStep[candidate] != _step)
        {
            _lastStep[candidate] = _step;
            _rowOf[candidate] = _rows;
            _data.CopyTo(_workspace, candidate, _rows++);
        }

        return _rowOf[candidate];
    }

    private PairLoss ScorePairs(int pairs)
    {
        for (int row = 0; row < _rows; row++)
        {
            _scores[row] = _workspace.Scores.Row(row, 1)[0];
        }

        Span<double> gradients = _scoreGradients.AsSpan(0, _rows);
        gradients.Clear();
        PairLoss loss = _loss.Evaluate(_scores.AsSpan(0, _rows), _pairs.AsSpan(0, pairs), gradients);
        for (int row = 0; row < _rows; row++)
        {
            _workspace.ScoreGradients.Row(row, 1)[0] = (float)gradients[row];
        }

        return loss;
    }

    private (int Start, int End) RowsOf(int piece) => (_rows * piece / _pieces, _rows * (piece + 1) / _pieces);

    private void Forward(int piece)
    {
        (int start, int end) = RowsOf(piece);
        _network.Forward(_workspace, start, end, _mask);

        // The backward pass needs the kernels transposed; nothing changes them before the update.
        for (int layer = piece; layer < _network.Architecture.Layers.Count; layer += _pieces)
        {
            _network.TransposeKernel(_workspace, layer);
        }
    }

    private void Backward(int piece)
    {
        (int start, int end) = RowsOf(piece);
        _network.Backward(_workspace, start, end, _mask?.Scale ?? 1);
    }

    private void Differentiate(int block)
    {
        _network.ParameterGradient(_workspace, _gradient, _blocks[block], _rows);
        _blockNorms[block] = SquaredNorm.Of(_network.Gradient(_gradient, _blocks[block]));
    }

    private void Update(int piece)
    {
        int start = piece * ParametersPerPiece;
        int end = Math.Min(start + ParametersPerPiece, _gradient.Length);
        _optimizer.Update(_network.Parameters, _gradient, start, end, _learningRate, _gradientScale);
    }
}
