using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Rlaif.Data.Documents;

/// <summary>The documents in a ledger.</summary>
/// <param name="ledger">The ledger that holds them.</param>
public sealed class DocumentStore(Ledger ledger)
{
    /// <summary>Reads documents about some symbols, with those that concern all.</summary>
    /// <param name="symbols">The instruments.</param>
    /// <param name="knownAtOrBefore">Leaves out what became known later.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>Ordered by the moment they became known and then by id.</returns>
    public Task<IReadOnlyList<Document>> ReadAsync(
        IEnumerable<string> symbols,
        DateTimeOffset knownAtOrBefore,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symbols);
        string list = JsonSerializer.Serialize(symbols, RlaifJson.Compact);
        return ledger.InTransactionAsync<IReadOnlyList<Document>>(
            (connection, transaction) => Read(connection, transaction, list, knownAtOrBefore, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>What is there, by symbol in ordinal order (what concerns all first) and type.</summary>
    public Task<IReadOnlyList<StoredDocuments>> ListAsync(CancellationToken cancellationToken = default) =>
        ledger.InTransactionAsync<IReadOnlyList<StoredDocuments>>(List, cancellationToken);

    /// <summary>The ids of all documents.</summary>
    internal Task<HashSet<string>> ReadIdsAsync(CancellationToken cancellationToken) =>
        ledger.InTransactionAsync(
            (connection, transaction) =>
            {
                using SqliteCommand command = Command(connection, transaction, "SELECT id FROM records WHERE kind = $kind");
                using SqliteDataReader row = command.ExecuteReader();
                var ids = new HashSet<string>(StringComparer.Ordinal);
                while (row.Read())
                {
                    ids.Add(row.GetString(0));
                }

                return ids;
            },
            cancellationToken
        );

    /// <summary>The news about single symbols as headlines, oldest first. Their texts are not read: there may be very many.</summary>
    internal static List<NewsItem> SelectNews(
        SqliteConnection connection,
        SqliteTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        using SqliteCommand command = Command(
            connection,
            transaction,
            """
            SELECT symbol, known_at, json_extract(body, '$.title'), json_extract(body, '$.source') FROM records
            WHERE kind = $kind AND symbol IS NOT NULL AND json_extract(body, '$.type') = 'news' ORDER BY known_at, id
            """
        );
        using SqliteDataReader row = command.ExecuteReader();
        var news = new List<NewsItem>();
        while (row.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            news.Add(new NewsItem(row.GetString(0), Moment(row.GetInt64(1)), row.GetString(2), row.GetString(3)));
        }

        return news;
    }

    private static List<Document> Read(
        SqliteConnection connection,
        SqliteTransaction transaction,
        string symbols,
        DateTimeOffset knownAtOrBefore,
        CancellationToken cancellationToken
    )
    {
        using SqliteCommand command = Command(
            connection,
            transaction,
            """
            SELECT body FROM records WHERE kind = $kind AND known_at <= $until
            AND (symbol IS NULL OR symbol IN (SELECT value FROM json_each($symbols))) ORDER BY known_at, id
            """
        );
        command.Parameters.AddWithValue("$until", knownAtOrBefore.UtcTicks);
        command.Parameters.AddWithValue("$symbols", symbols);
        using SqliteDataReader row = command.ExecuteReader();
        var documents = new List<Document>();
        while (row.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            documents.Add(JsonSerializer.Deserialize<Document>(row.GetString(0), RlaifJson.Compact)!);
        }

        return documents;
    }

    private static List<StoredDocuments> List(SqliteConnection connection, SqliteTransaction transaction)
    {
        using SqliteCommand command = Command(
            connection,
            transaction,
            """
            SELECT symbol, json_extract(body, '$.type'), COUNT(*), MIN(known_at), MAX(known_at) FROM records
            WHERE kind = $kind GROUP BY 1, 2
            """
        );
        using SqliteDataReader row = command.ExecuteReader();
        var found = new List<StoredDocuments>();
        while (row.Read())
        {
            found.Add(
                new StoredDocuments(
                    row.IsDBNull(0) ? null : row.GetString(0),
                    Enum.Parse<DocumentKind>(row.GetString(1), ignoreCase: true),
                    row.GetInt32(2),
                    Date(row.GetInt64(3)),
                    Date(row.GetInt64(4))
                )
            );
        }

        return [.. found.OrderBy(d => d.Symbol, StringComparer.Ordinal).ThenBy(d => d.Type)];
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string text)
    {
        SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        command.Parameters.AddWithValue("$kind", Document.Kind);
        return command;
    }

    private static DateTimeOffset Moment(long utcTicks) => new(utcTicks, TimeSpan.Zero);

    private static DateOnly Date(long utcTicks) => DateOnly.FromDateTime(new DateTime(utcTicks, DateTimeKind.Utc));
}
