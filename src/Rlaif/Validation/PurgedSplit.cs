using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>
/// A split of settled decisions by date into consecutive sides: train, stopping, validation. Decisions are split, never pairs, and
/// a date is never torn. At each border, in this order:
/// <list type="number">
/// <item><b>Purge</b> the earlier side: drop every context whose holding window (decision to exit) touches the span of the later
/// side, so that no label used for fitting depends on prices of the later side.</item>
/// <item><b>Embargo</b> the later side: skip its first dates until <see cref="EmbargoDays"/> whole trading sessions lie between
/// the last exit of all earlier sides and the first decision, so that features and serial dependence carry nothing across.</item>
/// </list>
/// The result is checked again by <see cref="SplitAudit"/>, which shares none of this code's arithmetic.
/// </summary>
public sealed class PurgedSplit
{
    private readonly Dictionary<string, SplitPart?> _partOfContext;
    private readonly Dictionary<string, string> _contextOfCandidate;

    private PurgedSplit(
        IReadOnlyList<SplitSide> sides,
        Dictionary<string, SplitPart?> partOfContext,
        Dictionary<string, string> contextOfCandidate
    )
    {
        Sides = sides;
        _partOfContext = partOfContext;
        _contextOfCandidate = contextOfCandidate;
    }

    /// <summary>The sides in time order; the stopping side is absent when its fraction is 0.</summary>
    public IReadOnlyList<SplitSide> Sides { get; }

    /// <summary>The side to fit on.</summary>
    public SplitSide Train => Sides[0];

    /// <summary>The side that decides when to stop; null when its fraction is 0.</summary>
    public SplitSide? Stopping => Sides.FirstOrDefault(s => s.Part == SplitPart.Stopping);

    /// <summary>The side to measure on.</summary>
    public SplitSide Validation => Sides[^1];

    /// <summary>Trading sessions between the last exit of a side and the first decision of the next.</summary>
    public required int EmbargoDays { get; init; }

    /// <summary>Contexts dropped because their holding window touched the next side.</summary>
    public required int Purged { get; init; }

    /// <summary>Contexts skipped at the start of a side.</summary>
    public required int Embargoed { get; init; }

    /// <summary>Decisions on more than one side: counted by <see cref="SplitAudit"/>, 0 or the split was refused.</summary>
    public required int SharedDecisions { get; init; }

    /// <summary>Earlier holding windows that touch a later side: counted by <see cref="SplitAudit"/>, 0 or the split was refused.</summary>
    public required int OverlappingWindows { get; init; }

    /// <summary>Splits the contexts of settled candidates.</summary>
    /// <param name="candidates">Settled candidates; those of one context go together, with the latest of their exits.</param>
    /// <param name="calendar">The trading sessions by which the embargo is counted.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="NotEnoughDataException">A side is empty after purge and embargo; the message has the counts.</exception>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static PurgedSplit Create(
        IEnumerable<SettledCandidate> candidates,
        SessionCalendar calendar,
        PurgedSplitOptions? options = null
    )
    {
        options = (options ?? new PurgedSplitOptions()).Validated();
        IReadOnlyList<SettledCandidate> settled = [.. candidates];
        SplitContext[] contexts = SplitContext.From(settled);
        int embargo = options.EmbargoDays ?? settled.Select(s => s.Outcome.HoldDays).DefaultIfEmpty().Max();
        List<(SplitPart Part, List<SplitContext> Contexts)> sides = ByDate(contexts, options);
        int purged = Purge(sides);
        int embargoed = Embargo(sides, calendar, embargo);
        RequireNonEmpty(sides, contexts, purged, embargoed, embargo);

        var partOfContext = contexts.ToDictionary(c => c.Id, _ => (SplitPart?)null, StringComparer.Ordinal);
        foreach ((SplitPart part, List<SplitContext> members) in sides)
        {
            members.ForEach(c => partOfContext[c.Id] = part);
        }

        SplitAudit audit = SplitAudit.Check([.. sides.Select(s => s.Contexts)], calendar, embargo);
        return new PurgedSplit(
            [.. sides.Select(s => Describe(s.Part, s.Contexts))],
            partOfContext,
            settled.ToDictionary(s => s.Candidate.CandidateId, s => s.Context.ContextId, StringComparer.Ordinal)
        )
        {
            EmbargoDays = embargo,
            Purged = purged,
            Embargoed = embargoed,
            SharedDecisions = audit.SharedDecisions,
            OverlappingWindows = audit.OverlappingWindows,
        };
    }

    /// <summary>The side of a context; null when it was purged or embargoed.</summary>
    /// <exception cref="ArgumentException">The context was not among those that were split.</exception>
    public SplitPart? PartOf(string contextId) =>
        _partOfContext.TryGetValue(contextId, out SplitPart? part)
            ? part
            : throw new ArgumentException($"Context {contextId} is not part of the split.", nameof(contextId));

    /// <summary>Keeps the pairs whose candidates are both on one side and counts the rest.</summary>
    /// <exception cref="ArgumentException">A pair names a candidate that was not among those that were split.</exception>
    public SplitPairs Apply(IEnumerable<PreferencePair> pairs)
    {
        var kept = new Dictionary<SplitPart, List<PreferencePair>>
        {
            [SplitPart.Train] = [],
            [SplitPart.Stopping] = [],
            [SplitPart.Validation] = [],
        };
        int crossSide = 0;
        int purged = 0;
        foreach (PreferencePair pair in pairs)
        {
            SplitPart? chosen = PartOfCandidate(pair.ChosenId);
            SplitPart? rejected = PartOfCandidate(pair.RejectedId);
            if (chosen is not { } part || rejected is null)
            {
                purged++;
            }
            else if (rejected != part)
            {
                crossSide++;
            }
            else
            {
                kept[part].Add(pair);
            }
        }

        return new SplitPairs
        {
            Train = kept[SplitPart.Train],
            Stopping = kept[SplitPart.Stopping],
            Validation = kept[SplitPart.Validation],
            CrossSide = crossSide,
            Purged = purged,
        };
    }

    private SplitPart? PartOfCandidate(string candidateId) =>
        _contextOfCandidate.TryGetValue(candidateId, out string? contextId)
            ? _partOfContext[contextId]
            : throw new ArgumentException(
                $"A pair names candidate {candidateId}, which is not part of the split.",
                nameof(candidateId)
            );

    private static List<(SplitPart Part, List<SplitContext> Contexts)> ByDate(SplitContext[] contexts, PurgedSplitOptions options)
    {
        DateOnly[] dates = [.. contexts.Select(c => c.Date).Distinct().Order()];
        int validation = Share(dates.Length, options.ValidationFraction);
        int stopping = options.StoppingFraction > 0 ? Share(dates.Length - validation, options.StoppingFraction) : 0;
        int train = Math.Max(0, dates.Length - validation - stopping);
        var sides = new List<(SplitPart, List<SplitContext>)> { (SplitPart.Train, Between(0, train)) };
        if (stopping > 0)
        {
            sides.Add((SplitPart.Stopping, Between(train, train + stopping)));
        }

        sides.Add((SplitPart.Validation, Between(train + stopping, dates.Length)));
        return sides;

        static int Share(int count, double fraction) => Math.Min(count, Math.Max(1, (int)Math.Round(count * fraction)));

        List<SplitContext> Between(int first, int end)
        {
            var span = dates.Take(end).Skip(first).ToHashSet();
            return [.. contexts.Where(c => span.Contains(c.Date))];
        }
    }

    private static int Purge(List<(SplitPart Part, List<SplitContext> Contexts)> sides)
    {
        int purged = 0;
        for (int later = 1; later < sides.Count; later++)
        {
            if (sides[later].Contexts.Count > 0)
            {
                LabelWindow span = LabelWindow.Span(sides[later].Contexts.Select(c => c.Window));
                purged += sides.Take(later).Sum(s => s.Contexts.RemoveAll(c => c.Window.Overlaps(span)));
            }
        }

        return purged;
    }

    private static int Embargo(List<(SplitPart Part, List<SplitContext> Contexts)> sides, SessionCalendar calendar, int days)
    {
        int embargoed = 0;
        for (int later = 1; later < sides.Count; later++)
        {
            DateOnly[] exits = [.. sides.Take(later).SelectMany(s => s.Contexts).Select(c => c.ExitDate)];
            if (exits.Length > 0)
            {
                // The first session is the one after the exit; `days` sessions must pass before a decision counts again.
                DateOnly last = exits.Max();
                int clear = calendar.IndexAtOrAfter(last.AddDays(1)) + days;
                embargoed += sides[later].Contexts.RemoveAll(c => c.Date <= last || calendar.IndexAtOrAfter(c.Date) < clear);
            }
        }

        return embargoed;
    }

    private static void RequireNonEmpty(
        List<(SplitPart Part, List<SplitContext> Contexts)> sides,
        SplitContext[] contexts,
        int purged,
        int embargoed,
        int embargo
    )
    {
        if (sides.Exists(s => s.Contexts.Count == 0))
        {
            string counts = string.Join(", ", sides.Select(s => $"{s.Part.ToString().ToLowerInvariant()} {s.Contexts.Count}"));
            int dates = contexts.Select(c => c.Date).Distinct().Count();
            throw new NotEnoughDataException(
                $"Too few decision dates to split {contexts.Length} contexts of {dates} dates: {counts} after {purged} purged and "
                    + $"{embargoed} embargoed (embargo {embargo} sessions). Every side needs at least one; decide on more dates."
            );
        }
    }

    private static SplitSide Describe(SplitPart part, List<SplitContext> contexts) =>
        new()
        {
            Part = part,
            ContextIds = [.. contexts.Select(c => c.Id)],
            Dates = contexts.Select(c => c.Date).Distinct().Count(),
            FirstDate = contexts.Min(c => c.Date),
            LastDate = contexts.Max(c => c.Date),
            Span = LabelWindow.Span(contexts.Select(c => c.Window)),
        };
}
