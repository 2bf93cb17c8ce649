using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Masking;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Outcomes;

namespace Rlaif;

/// <summary>
/// Looks back: writes one lesson for every context of a run after all its candidates have settled, and puts it into the book from which the
/// agents remember. The facts of a lesson are counted by code; the advice is a model's, or without one also the code's.
/// <para>A lesson is dated by the last of its outcomes, so a later prompt sees exactly the lessons that were known at its moment. One
/// instance serves one run at a time.</para>
/// </summary>
public sealed class Reflections
{
    private const string Stage = "reflect";
    private const string Prompt = "reflection";
    private const int ContextsInFlight = 16;

    private readonly ModelGateway? _gateway;
    private readonly LessonWriter? _writer;
    private readonly string _promptVersion;
    private readonly bool _mask;

    /// <summary>Creates it.</summary>
    /// <param name="lessons">The book that the agents remember from.</param>
    /// <param name="gateway">Where the model of the role <see cref="ModelRole.Reflection"/> is asked; null lets the code give the advice, at no cost.</param>
    /// <param name="system">The system prompt; needed with a gateway.</param>
    /// <param name="promptVersion">Prompt file and hash of its text, for example <c>reflection@1f0c9a5b</c>; needed with a gateway.</param>
    /// <param name="mask">Whether names, tickers, dates and price levels are replaced before the model sees them; default false.</param>
    /// <exception cref="ArgumentException">There is a gateway, but no prompt.</exception>
    public Reflections(
        LessonBook lessons,
        ModelGateway? gateway = null,
        string system = "",
        string promptVersion = "",
        bool mask = false
    )
    {
        ArgumentNullException.ThrowIfNull(lessons);
        if (gateway is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(system);
            ArgumentException.ThrowIfNullOrWhiteSpace(promptVersion);
            _writer = new LessonWriter(gateway, system, promptVersion);
        }

        Lessons = lessons;
        _gateway = gateway;
        _promptVersion = promptVersion;
        _mask = mask;
    }

    /// <summary>The reflections of a team of language models, on its own gateway, prompts and masking.</summary>
    public static Reflections Of(LlmTeam team, LessonBook lessons)
    {
        ArgumentNullException.ThrowIfNull(team);
        return new(lessons, team.Gateway, team.Prompts.Fill(Prompt), team.Prompts.Version(Prompt), team.IsMasked);
    }

    /// <summary>The book that the agents remember from.</summary>
    public LessonBook Lessons { get; }

    /// <summary>Hash of everything that decides on what is remembered: runs that remember differently are different runs.</summary>
    internal string Fingerprint
    {
        get
        {
            ModelOptions? model = _gateway?.Setup(ModelRole.Reflection).Options;
            string[] asked = model is null
                ? []
                : [model.Provider, model.Model, model.Effort ?? "", $"{model.MaxOutputTokens}", _promptVersion, $"{_mask}"];
            return ContentId.Create("memory", [Lessons.EncoderId, .. asked]);
        }
    }

    /// <summary>
    /// Writes the lessons of all contexts of a run whose candidates are all settled and which have none yet. Each lesson is one transaction
    /// with everything that was said for it; running it again adds nothing. A context with a candidate that waits or cannot be settled gets
    /// none.
    /// </summary>
    /// <param name="market">Where the moments are looked up when names are replaced.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="runId">The run.</param>
    /// <param name="now">The clock: outcomes that are known later do not exist yet.</param>
    /// <param name="progress">Told how many lessons are written; null for no reports.</param>
    /// <param name="cancellationToken">Stops between lessons; what is recorded stays.</param>
    /// <returns>The new lessons, by the moment of their context.</returns>
    public async Task<IReadOnlyList<Lesson>> ReflectAsync(
        IMarketData market,
        Ledger ledger,
        string runId,
        DateTimeOffset now,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(ledger);
        IReadOnlyList<DecisionContext> open = await OpenContextsAsync(ledger, runId, now, cancellationToken);
        return await ReflectAsync(market, ledger, open, now, progress, cancellationToken);
    }

    private async Task<IReadOnlyList<Lesson>> ReflectAsync(
        IMarketData market,
        Ledger ledger,
        IReadOnlyList<DecisionContext> open,
        DateTimeOffset now,
        IProgress<ProgressUpdate>? progress,
        CancellationToken cancellationToken
    )
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        var due = new List<SettledContext>();
        foreach (DecisionContext context in open)
        {
            if (await SettledContext.FindAsync(ledger, context, now, cancellationToken) is { } settled)
            {
                due.Add(settled);
            }
        }

        var lessons = new List<Lesson>(due.Count);
        foreach (SettledContext[] chunk in due.Chunk(ContextsInFlight))
        {
            // Asked together, recorded in order: the ledger does not depend on who answers first.
            foreach ((Lesson lesson, Transcript said) in await ReflectOnAsync(chunk, market, cancellationToken))
            {
                await RecordAsync(ledger, lesson, said, cancellationToken);
                Lessons.Add([lesson]);
                lessons.Add(lesson);
            }

            progress?.Report(new ProgressUpdate(Stage, lessons.Count, due.Count));
        }

        return lessons;
    }

    /// <summary>
    /// Opens the book at a run's lessons and returns what the run has to do before each of its moments: settle and reflect on what was known by
    /// then.
    /// </summary>
    internal async Task<Func<DateTimeOffset, CancellationToken, Task>> OpenAsync(
        IMarketData market,
        Ledger ledger,
        OutcomeSettler settler,
        string runId,
        CancellationToken cancellationToken
    )
    {
        await Lessons.ReloadAsync(ledger, runId, cancellationToken);
        return async (asOf, token) =>
        {
            IReadOnlyList<DecisionContext> open = await OpenContextsAsync(ledger, runId, asOf, token);
            if (open.Count > 0)
            {
                await settler.SettleContextsAsync(ledger, [.. open.Select(c => c.ContextId)], asOf, token);
                await ReflectAsync(market, ledger, open, asOf, progress: null, token);
            }
        };
    }

    // No outcome is known at the moment of the decision itself.
    private static async Task<IReadOnlyList<DecisionContext>> OpenContextsAsync(
        Ledger ledger,
        string runId,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var open = new LedgerQuery
        {
            ParentId = runId,
            WithoutChildOfKind = Lesson.Kind,
            KnownAtOrBefore = now,
        };
        IReadOnlyList<DecisionContext> contexts = await ledger.ReadAsync<DecisionContext>(open, cancellationToken);
        return [.. contexts.Where(c => c.AsOf < now).OrderBy(c => c.AsOf).ThenBy(c => c.Symbol, StringComparer.Ordinal)];
    }

    private async Task<(Lesson Lesson, Transcript Said)[]> ReflectOnAsync(
        SettledContext[] settled,
        IMarketData market,
        CancellationToken cancellationToken
    )
    {
        var written = new (Lesson Lesson, Transcript Said)[settled.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settled.Length, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0,
            settled.Length,
            parallel,
            async (i, token) => written[i] = await ReflectOnAsync(settled[i], market, token)
        );
        return written;
    }

    private async Task<(Lesson Lesson, Transcript Said)> ReflectOnAsync(
        SettledContext settled,
        IMarketData market,
        CancellationToken cancellationToken
    )
    {
        DecisionContext context = settled.Context;
        var facts = new LessonFacts(settled);
        string advice = facts.Advice;
        Transcript said = Transcript.Empty;
        if (_writer is not null)
        {
            Masker? masker = await MaskerAsync(context, market, cancellationToken);
            string prompt = ReflectionPrompt.Render(settled, masker);
            (LessonReply? reply, said) = await _writer.AskAsync(context, settled.KnownAt, prompt, cancellationToken);
            if (reply is not null)
            {
                string text = $"{reply.Pattern}: {reply.Advice}";
                advice = masker?.Restore(text) ?? text;
            }
        }

        var lesson = new Lesson
        {
            LessonId = Lesson.CreateId(context.ContextId),
            ContextId = context.ContextId,
            RunId = context.RunId,
            Symbol = context.Symbol,
            AsOf = context.AsOf,
            KnownAt = settled.KnownAt,
            Situation = Situation.Of(context.Features),
            Expected = facts.Expected,
            Happened = facts.Happened,
            Better = facts.Better,
            Advice = advice,
        };
        return (lesson, said);
    }

    private async ValueTask<Masker?> MaskerAsync(DecisionContext context, IMarketData market, CancellationToken cancellationToken)
    {
        if (!_mask)
        {
            return null;
        }

        MarketSnapshot snapshot = await market.GetSnapshotAsync(context.Symbol, context.AsOf, cancellationToken);
        return Masker.Hide(snapshot, market.Symbols, market.Benchmark);
    }

    private static Task<int> RecordAsync(Ledger ledger, Lesson lesson, Transcript said, CancellationToken cancellationToken) =>
        ledger.AppendAsync(
            new LedgerBatch().Add(lesson).AddRange(said.Calls).AddRange(said.Texts).AddRange(said.Failures),
            cancellationToken
        );
}
