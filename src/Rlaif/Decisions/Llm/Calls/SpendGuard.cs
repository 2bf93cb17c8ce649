using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>Stands before every call: sets aside what it can take, waits or refuses where a limit could be passed, and keeps the tally.</summary>
internal sealed class SpendGuard(SpendBook? book, BudgetOptions? budget, TimeProvider clock) : IDisposable
{
    // What providers put around a call (templates, tool and schema instructions), beyond its own text.
    private const long OverheadTokens = 1_024;

    private readonly Lock _sync = new();
    private readonly Dictionary<CallOwner, UsageFigures> _tally = [];
    private readonly SemaphoreSlim _reserving = new(1, 1);
    private Dictionary<(DateOnly Day, string Run, CallOwner Owner), UsageFigures> _replayed = [];
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inFlight;

    /// <summary>The run to which calls count.</summary>
    internal string Run { get; set; } = "adhoc";

    /// <summary>What this process has taken and spared.</summary>
    internal LlmUsage Usage
    {
        get
        {
            lock (_sync)
            {
                return LlmUsage.Of([.. _tally.Select(t => (t.Key, t.Value))]);
            }
        }
    }

    /// <summary>
    /// Most input tokens of a call whose canonical form has this many bytes: no tokenizer in use makes more tokens than there are bytes.
    /// Reasoning that is sent back encrypted counts by its size as well.
    /// </summary>
    internal static long InputAtMost(ModelRequest request, long bytes) =>
        bytes
        + OverheadTokens
        + request
            .Messages.SelectMany(m => m.Contents)
            .OfType<TextReasoningContent>()
            .Sum(r => (long)(r.ProtectedData?.Length ?? 0));

    /// <summary>
    /// Sets aside what a call can take. While only calls in flight stand in the way, it waits for one of them to end: they mostly take less
    /// than was set aside for them.
    /// </summary>
    /// <exception cref="BudgetExceededException">A limit could be passed.</exception>
    /// <exception cref="RlaifInputException">Money is limited and the price of the model is not known.</exception>
    internal async Task<Reservation> ReserveAsync(
        ModelRequest request,
        ModelSetup setup,
        long inputBytes,
        CancellationToken cancellationToken
    )
    {
        SpendLimit[] limits = [.. budget?.For(request.Role) ?? []];
        RequirePrice(request.Role, setup, limits);
        while (true)
        {
            (Reservation? entry, SpendRefusal? refusal, Task? nextEnd) = await TryReserveAsync(
                Asked(request, setup, inputBytes),
                limits,
                cancellationToken
            );
            if (entry is not null)
            {
                return entry;
            }

            await (nextEnd ?? throw new BudgetExceededException(request.Subject, refusal!)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Books what a call took. What the provider did not count is taken to be as much as was set aside.</summary>
    internal async Task SettleAsync(Reservation entry, ModelSetup setup, TokenUsage usage)
    {
        var taken = new TokenUsage(
            usage.Input > 0 ? usage.Input : entry.Input,
            usage.Output > 0 ? usage.Output : entry.Output,
            usage.CachedInput,
            usage.CacheWrite
        );
        var figures = new UsageFigures
        {
            Calls = 1,
            UnpricedCalls = CallPrice.IsKnown(setup.Card) ? 0 : 1,
            Tokens = taken,
            SpentUsd = CallPrice.Usd(CallPrice.Of(setup.Card, taken)),
            CachedUsd = CallPrice.Usd(CallPrice.SavedByCache(setup.Card, taken)),
        };
        try
        {
            await (book?.SettleAsync(entry, figures) ?? Task.CompletedTask);
        }
        finally
        {
            End(entry, figures, isKnown: true);
        }
    }

    /// <summary>Ends a call that brought no reply: what was certainly not paid is given back, anything else stays set aside.</summary>
    internal async Task FailAsync(Reservation entry, bool isUnpaid)
    {
        try
        {
            await (isUnpaid && book is not null ? book.ReleaseAsync(entry) : Task.CompletedTask);
        }
        finally
        {
            End(entry, UsageFigures.None, isUnpaid);
        }
    }

    /// <summary>Counts a reply that cost nothing.</summary>
    internal void CountReplayed(ModelRole role, ModelSetup setup, TokenUsage usage)
    {
        var figures = new UsageFigures { Replayed = 1, SavedUsd = CallPrice.Usd(CallPrice.Of(setup.Card, usage)) };
        lock (_sync)
        {
            CallOwner owner = CallOwner.Of(role, setup);
            Add(_tally, owner, figures);
            Add(_replayed, (Today(), Run, owner), figures);
        }
    }

    /// <summary>Writes to the book what replay has spared so far.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<(DateOnly Day, string Run, CallOwner Owner), UsageFigures> spared;
        lock (_sync)
        {
            (spared, _replayed) = (_replayed, []);
        }

        if (book is not null && spared.Count > 0)
        {
            await book.AddReplayedAsync(spared, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reserving.Dispose();

    private static void RequirePrice(ModelRole role, ModelSetup setup, SpendLimit[] limits)
    {
        if (!CallPrice.IsKnown(setup.Card) && limits.FirstOrDefault(l => l.IsMoney) is { } limit)
        {
            string key = $"models:{role.ToString().ToLowerInvariant()}";
            throw new RlaifInputException(
                $"The price of {setup.Options.Provider} model {setup.Options.Model} is not known, so {limit.Setting} cannot be kept."
                    + Environment.NewLine
                    + $"Give {key}:input_usd_per_million and {key}:output_usd_per_million (0 for a free local server), or take the limits off money away."
            );
        }
    }

    private static void Add<T>(Dictionary<T, UsageFigures> to, T key, UsageFigures figures)
        where T : notnull => to[key] = to.GetValueOrDefault(key, UsageFigures.None) + figures;

    private DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private Reservation Asked(ModelRequest request, ModelSetup setup, long inputBytes)
    {
        long input = InputAtMost(request, inputBytes);
        long output = setup.Options.MaxOutputTokens;
        long most = CallPrice.AtMost(setup.Card, input, output);
        return new Reservation(0, Today(), Run, CallOwner.Of(request.Role, setup), input, output, most);
    }

    // One at a time, so that a refusal sees every call of this process that is under way. The task is null when none is: nothing will end
    // that could make room.
    private async Task<(Reservation? Entry, SpendRefusal? Refusal, Task? NextEnd)> TryReserveAsync(
        Reservation asked,
        SpendLimit[] limits,
        CancellationToken cancellationToken
    )
    {
        await _reserving.WaitAsync(cancellationToken);
        try
        {
            Task nextEnd = NextEnd();
            (Reservation? entry, SpendRefusal? refusal) = book is null
                ? (asked, null)
                : await book.ReserveAsync(asked, limits, cancellationToken);
            if (entry is not null)
            {
                Begin(entry);
                return (entry, null, null);
            }

            lock (_sync)
            {
                return (null, refusal, nextEnd.IsCompleted || _inFlight > 0 ? nextEnd : null);
            }
        }
        finally
        {
            _reserving.Release();
        }
    }

    private Task NextEnd()
    {
        lock (_sync)
        {
            return _ended.Task;
        }
    }

    private void Begin(Reservation entry)
    {
        lock (_sync)
        {
            _inFlight++;
            Add(_tally, entry.Owner, new UsageFigures { ReservedUsd = CallPrice.Usd(entry.Nano) });
        }
    }

    private void End(Reservation entry, UsageFigures figures, bool isKnown)
    {
        lock (_sync)
        {
            _inFlight--;
            Add(_tally, entry.Owner, isKnown ? figures with { ReservedUsd = -CallPrice.Usd(entry.Nano) } : figures);
            _ended.SetResult();
            _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
