using Rlaif.Data.Text;
using Rlaif.Outcomes;
using Rlaif.Rewards.Features;

namespace Rlaif.Rewards.Training;

/// <summary>
/// The pairs that a model learns on from: a fixed number of places, each with the inputs of its two candidates, and one place more for the newest pair. A uniform sample
/// of all pairs ever seen (Vitter, 1985, algorithm R).
/// </summary>
internal sealed class ReplayBuffer
{
    private readonly FeatureBuilder _features;
    private readonly TextScaler _textScaler;
    private readonly ITextEncoder _encoder;
    private readonly DeterministicRandom _random;
    private readonly float[] _numerical;
    private readonly float[] _texts;
    private readonly int _columns;
    private int _seen;

    public ReplayBuffer(RewardModel model, int capacity, DeterministicRandom random)
    {
        _features = model.Features;
        _textScaler = model.TextScaler;
        _encoder = model.Encoder;
        _random = random;
        _columns = model.Schema.Columns.Count;
        Newest = capacity;
        int rows = 2 * (capacity + 1);
        _numerical = new float[rows * _columns];
        _texts = new float[rows * _encoder.Dimensions];
        var texts = new TextVectors(_texts, _encoder.Dimensions, [.. Enumerable.Range(0, rows)]);
        Data = new TrainingData(
            _numerical,
            _columns,
            _features.ExposureColumn,
            texts,
            [.. Enumerable.Range(0, capacity + 1).Select(place => new ScoredPair(2 * place, (2 * place) + 1))]
        );
    }

    /// <summary>The places as data to train on; pair i is that of place i.</summary>
    public TrainingData Data { get; }

    /// <summary>The place of the newest pair.</summary>
    public int Newest { get; }

    /// <summary>Places that hold a pair, the newest one aside.</summary>
    public int Count => Math.Min(_seen, Newest);

    /// <summary>Puts a pair into the place of the newest.</summary>
    public void Hold(SettledCandidate chosen, SettledCandidate rejected, double weight)
    {
        Write(2 * Newest, chosen);
        Write((2 * Newest) + 1, rejected);
        Data.Pairs[Newest] = Data.Pairs[Newest] with { Weight = weight };
    }

    /// <summary>Lets the newest pair into the sample, in the place of another when all are taken, or not.</summary>
    public void Keep()
    {
        int place = _seen < Newest ? _seen : _random.NextInt(_seen + 1);
        _seen++;
        if (place < Newest)
        {
            Copy(_numerical, _columns, place);
            Copy(_texts, _encoder.Dimensions, place);
            Data.Pairs[place] = Data.Pairs[place] with { Weight = Data.Pairs[Newest].Weight };
        }
    }

    private void Copy(float[] values, int width, int place) =>
        values.AsSpan(2 * Newest * width, 2 * width).CopyTo(values.AsSpan(2 * place * width, 2 * width));

    private void Write(int row, SettledCandidate settled)
    {
        _features.Build(settled.Context, settled.Candidate, _numerical.AsSpan(row * _columns, _columns));
        Span<float> text = _texts.AsSpan(row * _encoder.Dimensions, _encoder.Dimensions);
        _encoder.Encode(TextVectors.TextOf(settled.Candidate), text);
        _textScaler.Apply(text);
    }
}
