using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>
/// One step of training over a batch of pairs, from a handful to all there are, again and again without allocating: score the batch's distinct candidates once,
/// gather the pairs' gradients by score (the factoring of RankNet, Burges 2010, section 2.1), carry those back, and move the parameters. So a step costs what its candidates
/// cost, however many pairs they form. Candidates beyond a chunk take turns in the workspace; what the forward pass left of them is then computed
/// again, which costs less than memory for all. Work is shared among threads by rows (both passes) and by kernel rows (gradients and update); no sum
/// is ever split, so the result has the same bits for any number of threads and any chunk.
/// </summary>
internal sealed class TrainingStep
{
    /// <summary>Candidates at once: enough to keep the processor busy, few enough for its cache (10 MB with the guide's network).</summary>
    public const int DefaultChunkRows = 1024;

    /// <summary>Rows that a thread takes at once: whole tiles of the product, whose activations fit the second-level cache.</summary>
    private const int RowsPerPiece = 48;

    private const int RowsPerTile = 6;

    private readonly RewardNetwork _network;
    private readonly TrainingData _data;
    private readonly BradleyTerryLoss _loss;
    private readonly TrainingOptions _options;
    private readonly double _dropout;
    private readonly WorkTeam _team;
    private readonly NetworkWorkspace _workspace;
    private readonly PackedKernels _transposed;
    private readonly AdamW _optimizer;
    private readonly double[] _blockNorms;
    private readonly float[] _gradient;
    private readonly int[] _rowOf;
    private readonly int[] _lastStep;
    private readonly int[] _candidates;
    private readonly ScoredPair[] _pairs;
    private readonly double[] _scores;
    private readonly double[] _scoreGradients;
    private readonly Action<int> _forward;
    private readonly Action<int> _backward;
    private readonly Action<int> _differentiate;
    private readonly Action<int> _update;

    private int _step;
    private int _rows;
    private int _chunkStart;
    private int _chunkRows;
    private int _pieceRows;
    private DropoutMask? _mask;

    public TrainingStep(
        RewardNetwork network,
        TrainingData data,
        TrainingOptions options,
        double dropout,
        WorkTeam team,
        int chunkRows = DefaultChunkRows
    )
    {
        _network = network;
        _data = data;
        _loss = BradleyTerryLoss.Of(options);
        _options = options;
        _dropout = dropout;
        _team = team;
        int pairs = options.PairsPerStep(data.Pairs.Length);
        int candidates = Math.Min(2 * pairs, data.Count);
        _workspace = new NetworkWorkspace(network.Architecture, Math.Min(candidates, chunkRows), training: true);
        _transposed = new PackedKernels(network.Architecture, transposed: true);
        _optimizer = new AdamW(network.Parameters.Length, options.WeightDecay);
        _blockNorms = new double[network.Blocks.Count];
        _gradient = new float[network.Parameters.Length];
        _rowOf = new int[data.Count];
        _lastStep = new int[data.Count];
        _candidates = new int[candidates];
        _pairs = new ScoredPair[pairs];
        _scores = new double[candidates];
        _scoreGradients = new double[candidates];
        (_forward, _backward, _differentiate, _update) = (Forward, Backward, Differentiate, Update);
        PackTransposed();
    }

    /// <summary>Norm of the last step's gradient, before clipping.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Trains on the pairs at these positions of the data.</summary>
    /// <param name="pairs">Positions among the data's pairs, at most <see cref="TrainingOptions.PairsPerStep"/>.</param>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="dropoutKey">Random bits that choose the activations left out.</param>
    /// <param name="cancellationToken">Stops between two chunks, before any parameter has moved.</param>
    public PairLoss Run(ReadOnlySpan<int> pairs, double learningRate, ulong dropoutKey, CancellationToken cancellationToken)
    {
        Gather(pairs);
        _mask = _dropout > 0 ? new DropoutMask(_dropout, dropoutKey) : null;
        int last = (_rows - 1) / _workspace.Capacity;

        // Backwards, so that the first chunk is the one left in the workspace when the backward pass begins with it.
        for (int chunk = last; chunk >= 0; chunk--)
        {
            ForwardChunk(chunk, cancellationToken);
            for (int row = 0; row < _chunkRows; row++)
            {
                _scores[_chunkStart + row] = _workspace.Scores.Row(row, 1)[0];
            }
        }

        PairLoss loss = ScorePairs(pairs.Length);
        for (int chunk = 0; chunk <= last; chunk++)
        {
            if (chunk > 0)
            {
                ForwardChunk(chunk, cancellationToken);
            }

            _team.Run(Pieces(), _backward);
            _team.Run(_blockNorms.Length, _differentiate);
        }

        GradientNorm = Math.Sqrt(_blockNorms.Sum());
        _optimizer.NextStep(learningRate, Math.Min(1, _options.GradientClip / GradientNorm));
        _team.Run(_blockNorms.Length, _update);
        return loss;
    }

    /// <summary>To be called after the network's parameters were changed by others.</summary>
    public void ParametersChanged()
    {
        _network.PackAll();
        PackTransposed();
    }

    private void PackTransposed()
    {
        foreach (GradientBlock block in _network.Blocks)
        {
            _transposed.Pack(_network.Parameters, block);
        }
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
            _candidates[_rows++] = candidate;
        }

        return _rowOf[candidate];
    }

    private void ForwardChunk(int chunk, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _chunkStart = chunk * _workspace.Capacity;
        _chunkRows = Math.Min(_workspace.Capacity, _rows - _chunkStart);
        int share = (_chunkRows + _team.Threads - 1) / _team.Threads;
        _pieceRows = Math.Min((share + RowsPerTile - 1) / RowsPerTile * RowsPerTile, RowsPerPiece);
        _team.Run(Pieces(), _forward);
    }

    private PairLoss ScorePairs(int pairs)
    {
        Span<double> gradients = _scoreGradients.AsSpan(0, _rows);
        gradients.Clear();
        return _loss.Evaluate(_scores.AsSpan(0, _rows), _pairs.AsSpan(0, pairs), gradients);
    }

    private int Pieces() => (_chunkRows + _pieceRows - 1) / _pieceRows;

    private (int Start, int End) RowsOf(int piece) => (piece * _pieceRows, Math.Min((piece + 1) * _pieceRows, _chunkRows));

    private void Forward(int piece)
    {
        (int start, int end) = RowsOf(piece);
        for (int row = start; row < end; row++)
        {
            _data.CopyTo(_workspace, _candidates[_chunkStart + row], row);
        }

        _network.Forward(_workspace, start, end, _mask is { } mask ? mask with { FirstRow = _chunkStart } : null);
    }

    private void Backward(int piece)
    {
        (int start, int end) = RowsOf(piece);
        for (int row = start; row < end; row++)
        {
            _workspace.ScoreGradients.Row(row, 1)[0] = (float)_scoreGradients[_chunkStart + row];
        }

        _network.Backward(_workspace, _transposed, start, end, _mask?.Scale ?? 1);
    }

    private void Differentiate(int index)
    {
        GradientBlock block = _network.Blocks[index];
        _network.ParameterGradient(_workspace, _gradient, block, _chunkRows, first: _chunkStart == 0);
        _blockNorms[index] = SquaredNorm.Of(_gradient.AsSpan(block.Start, block.Length));
    }

    private void Update(int index)
    {
        GradientBlock block = _network.Blocks[index];
        _optimizer.Update(_network.Parameters, _gradient, block.Start, block.End);
        _network.Pack(block);
        _transposed.Pack(_network.Parameters, block);
    }
}
