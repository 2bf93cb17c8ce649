using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Rlaif.Data;

/// <summary>The rows of the table <c>corporate_actions</c>.</summary>
internal sealed class ActionTable(SqliteConnection connection, SqliteTransaction transaction)
{
    private const string DateFormat = "yyyy-MM-dd";

    internal void Insert(string symbol, CorporateAction action)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            "INSERT INTO corporate_actions (symbol, ex_date, kind, value) VALUES ($symbol, $date, $kind, $value)";
        command.Parameters.AddWithValue("$symbol", symbol);
        command.Parameters.AddWithValue("$date", action.ExDate.ToString(DateFormat, CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("$kind", NameOf(action.Kind));
        command.Parameters.AddWithValue("$value", BarTable.Text(action.Value));
        command.ExecuteNonQuery();
    }

    /// <summary>All actions by symbol.</summary>
    internal ILookup<string, CorporateAction> SelectAll()
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT symbol, ex_date, kind, value FROM corporate_actions ORDER BY symbol, ex_date, kind";
        using SqliteDataReader row = command.ExecuteReader();
        var found = new List<(string Symbol, CorporateAction Action)>();
        while (row.Read())
        {
            DateOnly date = DateOnly.ParseExact(row.GetString(1), DateFormat, CultureInfo.InvariantCulture);
            decimal value = decimal.Parse(row.GetString(3), NumberStyles.Float, CultureInfo.InvariantCulture);
            found.Add((row.GetString(0), new CorporateAction(date, KindOf(row.GetString(2)), value)));
        }

        return found.ToLookup(f => f.Symbol, f => f.Action, StringComparer.Ordinal);
    }

    private static string NameOf(CorporateActionKind kind) => kind == CorporateActionKind.Split ? "split" : "dividend";

    private static CorporateActionKind KindOf(string name) =>
        name switch
        {
            "split" => CorporateActionKind.Split,
            "dividend" => CorporateActionKind.Dividend,
            _ => throw new InvalidDataException($"The ledger holds a corporate action of unknown kind '{name}'."),
        };
}
