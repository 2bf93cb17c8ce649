using Microsoft.Data.Sqlite;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>
/// What language models have cost, over all runs and processes of one home: an SQLite file. The most that a call can take is reserved before
/// it is made and replaced by what it took when it ends; what has no known end stays reserved and counts as spent. One instance may be used
/// from several threads; several processes may open the same file.
/// </summary>
public sealed class SpendBook : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private SpendBook(SqliteConnection connection, string path)
    {
        _connection = connection;
        FilePath = path;
    }

    /// <summary>The file, or <c>:memory:</c>.</summary>
    public string FilePath { get; }

    /// <summary>Opens the book at <paramref name="path"/>, creating file and folder when needed; <c>:memory:</c> keeps nothing.</summary>
    /// <exception cref="RlaifInputException">The file is no such book, or a newer version of the library wrote it.</exception>
    public static async Task<SpendBook> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path != ":memory:" && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            SpendSchema.Prepare(connection, path);
            return new SpendBook(connection, path);
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync();
            throw new RlaifInputException($"Cannot open the spend book '{path}': {e.Message}", e);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sums up what was spent, on one day (UTC), in one run, or in all.</summary>
    public Task<LlmUsage> SummarizeAsync(
        DateOnly? day = null,
        string? run = null,
        CancellationToken cancellationToken = default
    ) => InTransactionAsync(t => LlmUsage.Of(SpendSchema.ReadFigures(t, day, run)), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>
    /// Sets aside what a call can take, unless that could pass a limit. Look and entry are one transaction, so any number of processes
    /// together keep the limits.
    /// </summary>
    /// <returns>The entry, or the first limit that stands against it.</returns>
    internal Task<(Reservation? Entry, SpendRefusal? Refusal)> ReserveAsync(
        Reservation asked,
        IEnumerable<SpendLimit> limits,
        CancellationToken cancellationToken
    ) =>
        InTransactionAsync<(Reservation?, SpendRefusal?)>(
            transaction =>
            {
                SpendRefusal? refusal = limits.Select(l => Against(asked, l, transaction)).FirstOrDefault(r => r is not null);
                return refusal is null
                    ? (asked with { Id = SpendSchema.InsertReservation(transaction, asked) }, null)
                    : (null, refusal);
            },
            cancellationToken
        );

    /// <summary>Replaces a reservation by what the call took.</summary>
    internal Task SettleAsync(Reservation entry, UsageFigures taken) =>
        InTransactionAsync(
            transaction =>
            {
                SpendSchema.DeleteReservation(transaction, entry.Id);
                SpendSchema.AddFigures(transaction, entry.Day, entry.Run, entry.Owner, taken);
                return true;
            },
            CancellationToken.None
        );

    /// <summary>Takes a reservation back: the call was not made.</summary>
    internal Task ReleaseAsync(Reservation entry) =>
        InTransactionAsync(
            transaction =>
            {
                SpendSchema.DeleteReservation(transaction, entry.Id);
                return true;
            },
            CancellationToken.None
        );

    /// <summary>Adds what replayed calls have spared.</summary>
    internal Task AddReplayedAsync(
        IReadOnlyDictionary<(DateOnly Day, string Run, CallOwner Owner), UsageFigures> spared,
        CancellationToken cancellationToken
    ) =>
        InTransactionAsync(
            transaction =>
            {
                foreach (((DateOnly day, string run, CallOwner owner), UsageFigures figures) in spared)
                {
                    SpendSchema.AddFigures(transaction, day, run, owner, figures);
                }

                return true;
            },
            cancellationToken
        );

    private static SpendRefusal? Against(Reservation asked, SpendLimit limit, SqliteTransaction transaction)
    {
        (long spent, long reserved) = SpendSchema.ReadSpent(transaction, limit, asked);
        long most = limit.IsMoney ? asked.Nano : asked.Input + asked.Output;
        return spent + reserved + most > limit.Most ? new SpendRefusal(limit, spent, reserved, most) : null;
    }

    private async Task<T> InTransactionAsync<T>(Func<SqliteTransaction, T> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            T result = work(transaction);
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            _gate.Release();
        }
    }
}
