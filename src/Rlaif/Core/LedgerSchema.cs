using Microsoft.Data.Sqlite;

namespace Rlaif.Core;

/// <summary>Creates and upgrades the ledger's tables. A migration is never edited once released: add the next one.</summary>
internal static class LedgerSchema
{
    private static readonly string[] Migrations =
    [
        """
            CREATE TABLE records (
                seq INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                parent_id TEXT,
                symbol TEXT,
                known_at INTEGER NOT NULL,
                body TEXT NOT NULL,
                UNIQUE (kind, id)
            );
            CREATE INDEX records_by_time ON records (kind, known_at, id);
            CREATE INDEX records_by_parent ON records (kind, parent_id);
            CREATE TRIGGER records_no_update BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
            CREATE TRIGGER records_no_delete BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
            CREATE TABLE bars (
                symbol TEXT NOT NULL,
                open_time INTEGER NOT NULL,
                close_time INTEGER NOT NULL,
                open TEXT NOT NULL,
                high TEXT NOT NULL,
                low TEXT NOT NULL,
                close TEXT NOT NULL,
                volume TEXT NOT NULL,
                PRIMARY KEY (symbol, open_time)
            ) WITHOUT ROWID;
            CREATE TABLE corporate_actions (
                symbol TEXT NOT NULL,
                ex_date TEXT NOT NULL,
                kind TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (symbol, ex_date, kind)
            ) WITHOUT ROWID;
            """,
    ];

    /// <summary>The version that this library writes, kept in SQLite's <c>user_version</c>.</summary>
    internal static int Version => Migrations.Length;

    internal static void Prepare(SqliteConnection connection, string path)
    {
        Execute(connection, null, "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        int found = ReadVersion(connection, transaction);
        if (found > Version)
        {
            throw new RlaifInputException(
                $"The ledger '{path}' has schema version {found}; this library knows versions up to {Version}. Use a newer rlaif."
            );
        }

        for (int version = found; version < Version; version++)
        {
            Execute(connection, transaction, Migrations[version]);
        }

        Execute(connection, transaction, $"PRAGMA user_version = {Version}");
        transaction.Commit();
    }

    private static int ReadVersion(SqliteConnection connection, SqliteTransaction transaction)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar());
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
