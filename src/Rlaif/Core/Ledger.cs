using System.Data;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Rlaif.Core;

/// <summary>
/// The append-only store of everything that was decided, settled and learnt: one SQLite file (write-ahead logging), one table.
/// Records are never changed; appending a record that is already there does nothing, so every stage can be repeated.
/// One instance may be used from several threads; several processes may open the same file.
/// </summary>
public sealed class Ledger : IAsyncDisposable
{
    // SQLITE_READONLY
    private const int ReadOnlyError = 8;

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private Ledger(SqliteConnection connection, string path)
    {
        _connection = connection;
        FilePath = path;
    }

    /// <summary>The file that holds the ledger, or <c>:memory:</c>.</summary>
    public string FilePath { get; }

    /// <summary>Opens the ledger at <paramref name="path"/>, creating file and folder when needed; <c>:memory:</c> keeps nothing.</summary>
    /// <exception cref="RlaifInputException">The file is no ledger, or a newer version of the library wrote it.</exception>
    public static async Task<Ledger> OpenAsync(string path, CancellationToken cancellationToken = default)
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
            LedgerSchema.Prepare(connection, path);
            return new Ledger(connection, path);
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync();
            string why =
                e.SqliteErrorCode == ReadOnlyError
                    ? "this user may not write it or its folder, and even to read it needs to"
                    : e.Message;
            throw new RlaifInputException($"Cannot open the ledger '{path}': {why}", e);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Appends records of one kind in one transaction and returns how many were new.</summary>
    public Task<int> AppendAsync<T>(IEnumerable<T> records, CancellationToken cancellationToken = default)
        where T : ILedgerRecord => AppendAsync(new LedgerBatch().AddRange(records), cancellationToken);

    /// <summary>Appends a batch in one transaction and returns how many records were new.</summary>
    /// <exception cref="InvalidOperationException">A record with the same id but other content is there: an id was not a function of content.</exception>
    public async Task<int> AppendAsync(LedgerBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using IDisposable held = await EnterAsync(cancellationToken);
        await using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        int added = Insert(batch, transaction, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return added;
    }

    /// <summary>Reads the records of a kind, ordered by the moment they were known and then by id.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(LedgerQuery? query = null, CancellationToken cancellationToken = default)
        where T : ILedgerRecord
    {
        query ??= new LedgerQuery();
        using IDisposable held = await EnterAsync(cancellationToken);
        await using SqliteCommand command = _connection.CreateCommand();
        // Left alone, SQLite walks the whole kind in time order to spare the sort of a parent's few records.
        string index = query.ParentId is null ? string.Empty : "INDEXED BY records_by_parent";
        command.CommandText = $"SELECT body FROM records {index} WHERE {Condition(T.Kind, query, command)} ORDER BY known_at, id";
        var found = new List<T>();
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Add(Parse<T>(reader.GetString(0)));
        }

        return found;
    }

    /// <summary>
    /// Reads the records of a kind that were appended after a position, in the order in which they were appended: what is new since the last look,
    /// without reading the rest again.
    /// </summary>
    /// <param name="position">What the last call returned; 0 reads from the beginning.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The records, and the position of the last record of any kind.</returns>
    public async Task<(IReadOnlyList<T> Records, long Position)> ReadAfterAsync<T>(
        long position,
        CancellationToken cancellationToken = default
    )
        where T : ILedgerRecord
    {
        using IDisposable held = await EnterAsync(cancellationToken);
        await using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
        await using SqliteCommand last = _connection.CreateCommand();
        last.CommandText = "SELECT COALESCE(MAX(seq), 0) FROM records";
        long end = Convert.ToInt64(await last.ExecuteScalarAsync(cancellationToken));
        await using SqliteCommand command = _connection.CreateCommand();
        // Without an index SQLite walks what is new by its position; with one it would walk the whole kind.
        command.CommandText = "SELECT body FROM records NOT INDEXED WHERE seq > $after AND kind = $kind ORDER BY seq";
        command.Parameters.AddWithValue("$after", position);
        command.Parameters.AddWithValue("$kind", T.Kind);
        var found = new List<T>();
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Add(Parse<T>(reader.GetString(0)));
        }

        return (found, end);
    }

    /// <summary>Returns the record with this id, or null.</summary>
    public async Task<T?> FindAsync<T>(string id, CancellationToken cancellationToken = default)
        where T : class, ILedgerRecord
    {
        using IDisposable held = await EnterAsync(cancellationToken);
        await using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT body FROM records WHERE kind = $kind AND id = $id";
        command.Parameters.AddWithValue("$kind", T.Kind);
        command.Parameters.AddWithValue("$id", id);
        return await command.ExecuteScalarAsync(cancellationToken) is string body ? Parse<T>(body) : null;
    }

    /// <summary>From now on what is appended is on the disk before a call returns: it outlives a power cut, not only the process. Slower.</summary>
    public async Task MakeDurableAsync(CancellationToken cancellationToken = default)
    {
        using IDisposable held = await EnterAsync(cancellationToken);
        await using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = FULL";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts the records of a kind.</summary>
    public async Task<int> CountAsync<T>(CancellationToken cancellationToken = default)
        where T : ILedgerRecord
    {
        using IDisposable held = await EnterAsync(cancellationToken);
        await using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM records WHERE kind = $kind";
        command.Parameters.AddWithValue("$kind", T.Kind);
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken));
    }

    /// <summary>Counts the records of every kind that the ledger holds, in ordinal order of the kinds.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountByKindAsync(CancellationToken cancellationToken = default)
    {
        using IDisposable held = await EnterAsync(cancellationToken);
        await using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT kind, COUNT(*) FROM records GROUP BY kind";
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (reader.Read())
        {
            counts[reader.GetString(0)] = reader.GetInt32(1);
        }

        return counts;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>Runs <paramref name="work"/> on the connection, alone and in one transaction; for bulk paths of later stages.</summary>
    internal async Task<T> InTransactionAsync<T>(
        Func<SqliteConnection, SqliteTransaction, T> work,
        CancellationToken cancellationToken
    )
    {
        using IDisposable held = await EnterAsync(cancellationToken);
        await using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        T result = work(_connection, transaction);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private static T Parse<T>(string body) =>
        JsonSerializer.Deserialize<T>(body, RlaifJson.Compact)
        ?? throw new InvalidDataException($"The ledger holds an empty {typeof(T).Name}.");

    // Only what is asked for is in the text: a condition that may be switched off by a null parameter would keep SQLite off its indexes.
    private static string Condition(string kind, LedgerQuery query, SqliteCommand command)
    {
        var conditions = new List<string>();
        void Add(string condition, string parameter, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                command.Parameters.AddWithValue(parameter, value);
            }
        }

        Add("kind = $kind", "$kind", kind);
        Add("symbol = $symbol", "$symbol", query.Symbol);
        Add("parent_id = $parent", "$parent", query.ParentId);
        Add("known_at >= $since", "$since", query.KnownAtOrAfter?.UtcTicks);
        Add("known_at <= $until", "$until", query.KnownAtOrBefore?.UtcTicks);
        Add(
            "NOT EXISTS (SELECT 1 FROM records c WHERE c.kind = $child AND c.parent_id = records.id)",
            "$child",
            query.WithoutChildOfKind
        );
        return string.Join(" AND ", conditions);
    }

    private int Insert(LedgerBatch batch, SqliteTransaction transaction, CancellationToken cancellationToken)
    {
        using SqliteCommand insert = _connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = """
            INSERT INTO records (kind, id, parent_id, symbol, known_at, body) VALUES ($kind, $id, $parent, $symbol, $known_at, $body)
            ON CONFLICT (kind, id) DO NOTHING
            """;
        SqliteParameter kind = insert.Parameters.Add("$kind", SqliteType.Text);
        SqliteParameter id = insert.Parameters.Add("$id", SqliteType.Text);
        SqliteParameter parent = insert.Parameters.Add("$parent", SqliteType.Text);
        SqliteParameter symbol = insert.Parameters.Add("$symbol", SqliteType.Text);
        SqliteParameter knownAt = insert.Parameters.Add("$known_at", SqliteType.Integer);
        SqliteParameter body = insert.Parameters.Add("$body", SqliteType.Text);
        int added = 0;
        foreach (LedgerBatch.Row row in batch.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            kind.Value = row.Kind;
            id.Value = row.Id;
            parent.Value = (object?)row.ParentId ?? DBNull.Value;
            symbol.Value = (object?)row.Symbol ?? DBNull.Value;
            knownAt.Value = row.KnownAtTicks;
            body.Value = row.Body;
            if (insert.ExecuteNonQuery() == 1)
            {
                added++;
            }
            else
            {
                RequireSame(row, transaction);
            }
        }

        return added;
    }

    private void RequireSame(LedgerBatch.Row row, SqliteTransaction transaction)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT body FROM records WHERE kind = $kind AND id = $id";
        command.Parameters.AddWithValue("$kind", row.Kind);
        command.Parameters.AddWithValue("$id", row.Id);
        if (command.ExecuteScalar() is not string stored || stored != row.Body)
        {
            throw new InvalidOperationException(
                $"The ledger already holds {row.Kind} {row.Id} with other content. Records are never changed; nothing was written."
            );
        }
    }

    private async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Releaser(_gate);
    }

    private sealed class Releaser(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
