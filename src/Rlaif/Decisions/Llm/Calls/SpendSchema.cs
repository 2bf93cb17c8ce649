using Microsoft.Data.Sqlite;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>
/// The tables of the spend book and what is asked of them. Ended calls are added up by day, run, role and model, so the book stays small and
/// a limit is looked up in a few rows; single calls are in the ledger. Money is in billionths of a dollar.
/// </summary>
internal static class SpendSchema
{
    private const int Version = 1;

    private const string Tables = """
        CREATE TABLE totals (
            day TEXT NOT NULL,
            run TEXT NOT NULL,
            role TEXT NOT NULL,
            provider TEXT NOT NULL,
            model TEXT NOT NULL,
            calls INTEGER NOT NULL,
            unpriced_calls INTEGER NOT NULL,
            replayed INTEGER NOT NULL,
            input INTEGER NOT NULL,
            output INTEGER NOT NULL,
            cached_input INTEGER NOT NULL,
            cache_write INTEGER NOT NULL,
            spent INTEGER NOT NULL,
            cached INTEGER NOT NULL,
            saved INTEGER NOT NULL,
            PRIMARY KEY (day, run, role, provider, model)
        ) WITHOUT ROWID;
        CREATE INDEX totals_by_run ON totals (run);
        CREATE TABLE reservations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            day TEXT NOT NULL,
            run TEXT NOT NULL,
            role TEXT NOT NULL,
            provider TEXT NOT NULL,
            model TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            spent INTEGER NOT NULL
        );
        CREATE INDEX reservations_by_run ON reservations (run);
        """;

    internal static void Prepare(SqliteConnection connection, string path)
    {
        // Every commit reaches the disk: money that was spent must not be forgotten in a power cut.
        Execute(connection, null, "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        using SqliteCommand version = Command(transaction, "PRAGMA user_version");
        int found = Convert.ToInt32(version.ExecuteScalar());
        if (found > Version)
        {
            throw new RlaifInputException(
                $"The spend book '{path}' has schema version {found}; this library knows versions up to {Version}. Use a newer rlaif."
            );
        }

        if (found < Version)
        {
            Execute(connection, transaction, $"{Tables} PRAGMA user_version = {Version};");
        }

        transaction.Commit();
    }

    /// <summary>What counts against a limit: ended calls, and reservations.</summary>
    internal static (long Spent, long Reserved) ReadSpent(SqliteTransaction transaction, SpendLimit limit, Reservation asked)
    {
        string where = limit.Span switch
        {
            SpendSpan.Run => "run = $run",
            SpendSpan.Day => "day = $day",
            _ => "run = $run AND role = $role",
        };
        (string ended, string open) = limit.IsMoney ? ("spent", "spent") : ("input + output", "tokens");
        using SqliteCommand command = Command(
            transaction,
            $"""
            SELECT (SELECT COALESCE(SUM({ended}), 0) FROM totals WHERE {where}),
                   (SELECT COALESCE(SUM({open}), 0) FROM reservations WHERE {where})
            """
        );
        command.Parameters.AddWithValue("$run", asked.Run);
        command.Parameters.AddWithValue("$day", Text(asked.Day));
        command.Parameters.AddWithValue("$role", Text(asked.Owner.Role));
        using SqliteDataReader row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    internal static long InsertReservation(SqliteTransaction transaction, Reservation entry)
    {
        using SqliteCommand command = Command(
            transaction,
            """
            INSERT INTO reservations (day, run, role, provider, model, tokens, spent)
            VALUES ($day, $run, $role, $provider, $model, $tokens, $spent) RETURNING id
            """
        );
        AddKey(command, entry.Day, entry.Run, entry.Owner);
        command.Parameters.AddWithValue("$tokens", entry.Input + entry.Output);
        command.Parameters.AddWithValue("$spent", entry.Nano);
        return (long)command.ExecuteScalar()!;
    }

    internal static void DeleteReservation(SqliteTransaction transaction, long id)
    {
        using SqliteCommand command = Command(transaction, "DELETE FROM reservations WHERE id = $id");
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
    }

    internal static void AddFigures(
        SqliteTransaction transaction,
        DateOnly day,
        string run,
        CallOwner owner,
        UsageFigures figures
    )
    {
        (string Column, long Value)[] columns =
        [
            ("calls", figures.Calls),
            ("unpriced_calls", figures.UnpricedCalls),
            ("replayed", figures.Replayed),
            ("input", figures.Tokens.Input),
            ("output", figures.Tokens.Output),
            ("cached_input", figures.Tokens.CachedInput),
            ("cache_write", figures.Tokens.CacheWrite),
            ("spent", CallPrice.Nano(figures.SpentUsd)),
            ("cached", CallPrice.Nano(figures.CachedUsd)),
            ("saved", CallPrice.Nano(figures.SavedUsd)),
        ];
        using SqliteCommand command = Command(
            transaction,
            $"""
            INSERT INTO totals (day, run, role, provider, model, {string.Join(", ", columns.Select(c => c.Column))})
            VALUES ($day, $run, $role, $provider, $model, {string.Join(", ", columns.Select(c => $"${c.Column}"))})
            ON CONFLICT DO UPDATE SET {string.Join(", ", columns.Select(c => $"{c.Column} = {c.Column} + excluded.{c.Column}"))}
            """
        );
        AddKey(command, day, run, owner);
        foreach ((string column, long value) in columns)
        {
            command.Parameters.AddWithValue($"${column}", value);
        }

        command.ExecuteNonQuery();
    }

    internal static List<(CallOwner Owner, UsageFigures Figures)> ReadFigures(
        SqliteTransaction transaction,
        DateOnly? day,
        string? run
    )
    {
        string where = $"{(day is null ? "1" : "day = $day")} AND {(run is null ? "1" : "run = $run")}";
        using SqliteCommand command = Command(
            transaction,
            $"""
            SELECT role, provider, model, SUM(calls), SUM(unpriced_calls), SUM(replayed), SUM(input), SUM(output), SUM(cached_input),
                   SUM(cache_write), SUM(spent), SUM(cached), SUM(saved), 0
            FROM totals WHERE {where} GROUP BY role, provider, model
            UNION ALL
            SELECT role, provider, model, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, SUM(spent)
            FROM reservations WHERE {where} GROUP BY role, provider, model
            """
        );
        command.Parameters.AddWithValue("$day", day is { } date ? Text(date) : DBNull.Value);
        command.Parameters.AddWithValue("$run", (object?)run ?? DBNull.Value);
        using SqliteDataReader row = command.ExecuteReader();
        var found = new List<(CallOwner Owner, UsageFigures Figures)>();
        while (row.Read())
        {
            var role = Enum.Parse<ModelRole>(row.GetString(0), ignoreCase: true);
            found.Add((new CallOwner(role, row.GetString(1), row.GetString(2)), Figures(row)));
        }

        return found;
    }

    private static UsageFigures Figures(SqliteDataReader row) =>
        new()
        {
            Calls = row.GetInt64(3),
            UnpricedCalls = row.GetInt64(4),
            Replayed = row.GetInt64(5),
            Tokens = new TokenUsage(row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9)),
            SpentUsd = CallPrice.Usd(row.GetInt64(10)),
            CachedUsd = CallPrice.Usd(row.GetInt64(11)),
            SavedUsd = CallPrice.Usd(row.GetInt64(12)),
            ReservedUsd = CallPrice.Usd(row.GetInt64(13)),
        };

    private static void AddKey(SqliteCommand command, DateOnly day, string run, CallOwner owner)
    {
        command.Parameters.AddWithValue("$day", Text(day));
        command.Parameters.AddWithValue("$run", run);
        command.Parameters.AddWithValue("$role", Text(owner.Role));
        command.Parameters.AddWithValue("$provider", owner.Provider);
        command.Parameters.AddWithValue("$model", owner.Model);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(ModelRole role) => role.ToString().ToLowerInvariant();

    private static SqliteCommand Command(SqliteTransaction transaction, string sql)
    {
        SqliteCommand command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
