using System.Collections.Immutable;
using Rlaif.Data.Text;

namespace Rlaif.Decisions.Llm.Memory;

/// <summary>
/// The lessons of one run. Safe to use from several threads; lessons are added while the run goes on. What is recalled at a moment depends on
/// the lessons known by then and on nothing else.
/// </summary>
public sealed class LessonBook
{
    private const double HalfLifeDays = 90;
    private const double SameSymbolBonus = 1.25;

    // Finer differences are ties, so that the rounding of another machine does not change the order.
    private const int ScoreDecimals = 9;

    private readonly ITextEncoder _encoder;
    private readonly Lock _adding = new();
    private ImmutableDictionary<string, Entry> _entries = ImmutableDictionary<string, Entry>.Empty;

    /// <summary>An empty book.</summary>
    /// <param name="encoder">Turns situations into the vectors by which they are compared.</param>
    public LessonBook(ITextEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        _encoder = encoder;
    }

    /// <summary>Number of lessons.</summary>
    public int Count => Volatile.Read(ref _entries).Count;

    /// <summary>Name and version of the encoder, which has a say in what is recalled.</summary>
    internal string EncoderId => _encoder.Id;

    /// <summary>A book with the lessons that a ledger holds of a run.</summary>
    public static async Task<LessonBook> LoadAsync(
        Ledger ledger,
        string runId,
        ITextEncoder encoder,
        CancellationToken cancellationToken = default
    )
    {
        var book = new LessonBook(encoder);
        await book.ReloadAsync(ledger, runId, cancellationToken);
        return book;
    }

    /// <summary>Adds lessons; those that are there already are left out.</summary>
    public void Add(IEnumerable<Lesson> lessons)
    {
        ArgumentNullException.ThrowIfNull(lessons);
        Entry[] entries = [.. lessons.Select(l => new Entry(l, Encode(l.Situation)))];
        lock (_adding)
        {
            Volatile.Write(
                ref _entries,
                _entries.AddRange(
                    entries
                        .DistinctBy(e => e.Lesson.LessonId)
                        .Where(e => !_entries.ContainsKey(e.Lesson.LessonId))
                        .Select(e => KeyValuePair.Create(e.Lesson.LessonId, e))
                )
            );
        }
    }

    /// <summary>
    /// The lessons known at a moment that fit a situation best, best first. A lesson counts by the cosine between its situation and this one,
    /// halved for every 90 days since it was known, and a quarter more when it is of the same symbol; lessons whose situation has nothing in
    /// common with this one are left out. Of equals the latest comes first, then the one with the lower id.
    /// </summary>
    /// <param name="symbol">The instrument that is decided on.</param>
    /// <param name="asOf">The moment of the decision: lessons known later are not recalled and change nothing.</param>
    /// <param name="situation">The situation in words, as <c>Situation.Of</c> writes it.</param>
    /// <param name="count">Most lessons to return, 0 or more.</param>
    public IReadOnlyList<Lesson> Recall(string symbol, DateTimeOffset asOf, string situation, int count)
    {
        ArgumentNullException.ThrowIfNull(situation);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        float[] now = Encode(situation);
        return
        [
            .. Volatile
                .Read(ref _entries)
                .Values.Where(e => e.Lesson.KnownAt <= asOf)
                .Select(e => (e.Lesson, Score: Score(e, now, symbol, asOf)))
                .Where(x => x.Score > 0)
                .OrderByDescending(x => x.Score)
                .ThenByDescending(x => x.Lesson.KnownAt)
                .ThenBy(x => x.Lesson.LessonId, StringComparer.Ordinal)
                .Take(count)
                .Select(x => x.Lesson),
        ];
    }

    /// <summary>Forgets everything and reads the lessons of a run.</summary>
    internal async Task ReloadAsync(Ledger ledger, string runId, CancellationToken cancellationToken)
    {
        IReadOnlyList<Lesson> all = await ledger.ReadAsync<Lesson>(null, cancellationToken);
        lock (_adding)
        {
            Volatile.Write(ref _entries, ImmutableDictionary<string, Entry>.Empty);
        }

        Add(all.Where(l => l.RunId == runId));
    }

    private static double Score(Entry entry, float[] now, string symbol, DateTimeOffset asOf)
    {
        // One by one in double precision: a vectorized sum would depend on the width of the machine's registers.
        double cosine = 0;
        for (int i = 0; i < now.Length; i++)
        {
            cosine += (double)now[i] * entry.Situation[i];
        }

        double recency = Math.Pow(2, -(asOf - entry.Lesson.KnownAt).TotalDays / HalfLifeDays);
        return Math.Round(cosine * recency * (entry.Lesson.Symbol == symbol ? SameSymbolBonus : 1), ScoreDecimals);
    }

    private float[] Encode(string situation)
    {
        var vector = new float[_encoder.Dimensions];
        _encoder.Encode(situation, vector);
        return vector;
    }

    private sealed record Entry(Lesson Lesson, float[] Situation);
}
