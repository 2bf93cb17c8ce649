using Microsoft.Data.Sqlite;

namespace Rlaif.Data.Text;

/// <summary>
/// Values by key in an SQLite file that several processes may share. It holds nothing that cannot be made again: a file that is damaged is
/// begun again, and one that cannot be used is done without, each with a warning. Not thread-safe.
/// </summary>
internal sealed class VectorFile(string path, Action<string> warn)
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;

    // A table that is not there, or has other columns.
    private const int WrongSchema = 1;
    private const int WaitSeconds = 30;

    private bool _isUsable = true;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The values of keys, in their order; null where there is none.</summary>
    public byte[]?[] Read(IReadOnlyList<byte[]> keys)
    {
        byte[]?[] values = new byte[keys.Count][];
        Use(connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT value FROM vectors WHERE key = $key";
            SqliteParameter key = command.Parameters.Add("$key", SqliteType.Blob);
            for (int i = 0; i < values.Length; i++)
            {
                key.Value = keys[i];
                values[i] = command.ExecuteScalar() as byte[];
            }
        });
        return values;
    }

    /// <summary>Stores values, in one step.</summary>
    public void Write(IEnumerable<(byte[] Key, byte[] Value)> values) =>
        Use(connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "INSERT OR REPLACE INTO vectors (key, value) VALUES ($key, $value)";
            SqliteParameter key = command.Parameters.Add("$key", SqliteType.Blob);
            SqliteParameter value = command.Parameters.Add("$value", SqliteType.Blob);
            foreach ((byte[] k, byte[] v) in values)
            {
                (key.Value, value.Value) = (k, v);
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        });

    private void Use(Action<SqliteConnection> work)
    {
        if (!_isUsable)
        {
            return;
        }

        try
        {
            try
            {
                Open(work);
            }
            catch (SqliteException e) when (e.SqliteErrorCode is NotADatabase or Corrupt or WrongSchema)
            {
                warn($"{Path} is damaged ({e.Message}); it is begun again");
                Delete();
                Open(work);
            }
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            _isUsable = false;
            warn($"{Path} cannot be used ({e.Message}); vectors are made without it");
        }
    }

    private void Open(Action<SqliteConnection> work)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using (SqliteCommand create = connection.CreateCommand())
        {
            // What a crash of the machine may lose is made again.
            create.CommandText = """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, value BLOB NOT NULL);
                """;
            create.ExecuteNonQuery();
        }

        work(connection);
    }

    private void Delete()
    {
        using (var connection = new SqliteConnection(ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        foreach (string file in (string[])[Path, $"{Path}-wal", $"{Path}-shm"])
        {
            File.Delete(file);
        }
    }

    private string ConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = Path, DefaultTimeout = WaitSeconds }.ToString();
}
