using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Rlaif.Data;

/// <summary>The rows of the table <c>bars</c>. Times are UTC ticks, numbers are exact decimals as text.</summary>
internal sealed class BarTable : IDisposable
{
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _selectOne;
    private readonly SqliteCommand _selectAll;

    internal BarTable(SqliteConnection connection, SqliteTransaction transaction)
    {
        _insert = connection.CreateCommand();
        _insert.Transaction = transaction;
        _insert.CommandText = """
            INSERT INTO bars (symbol, open_time, close_time, open, high, low, close, volume)
            VALUES ($symbol, $open_time, $close_time, $open, $high, $low, $close, $volume)
            """;
        foreach (
            string name in (ReadOnlySpan<string>)
                ["$symbol", "$open_time", "$close_time", "$open", "$high", "$low", "$close", "$volume"]
        )
        {
            _insert.Parameters.Add(name, name.EndsWith("_time", StringComparison.Ordinal) ? SqliteType.Integer : SqliteType.Text);
        }

        const string Columns = "SELECT symbol, open_time, close_time, open, high, low, close, volume FROM bars";
        _selectOne = connection.CreateCommand();
        _selectOne.Transaction = transaction;
        _selectOne.CommandText = $"{Columns} WHERE symbol = $symbol ORDER BY open_time";
        _selectOne.Parameters.Add("$symbol", SqliteType.Text);
        _selectAll = connection.CreateCommand();
        _selectAll.Transaction = transaction;
        _selectAll.CommandText = $"{Columns} ORDER BY symbol, open_time";
    }

    internal void Insert(string symbol, Bar bar)
    {
        SqliteParameterCollection p = _insert.Parameters;
        p[0].Value = symbol;
        p[1].Value = bar.OpenTime.UtcTicks;
        p[2].Value = bar.CloseTime.UtcTicks;
        p[3].Value = Text(bar.Open);
        p[4].Value = Text(bar.High);
        p[5].Value = Text(bar.Low);
        p[6].Value = Text(bar.Close);
        p[7].Value = Text(bar.Volume);
        _insert.ExecuteNonQuery();
    }

    /// <summary>The bars of one symbol in time order.</summary>
    internal List<Bar> Select(string symbol)
    {
        _selectOne.Parameters[0].Value = symbol;
        using SqliteDataReader row = _selectOne.ExecuteReader();
        var bars = new List<Bar>();
        while (row.Read())
        {
            bars.Add(BarOf(row));
        }

        return bars;
    }

    /// <summary>All bars, by symbol in ordinal order and by time.</summary>
    internal IEnumerable<(string Symbol, Bar Bar)> SelectAll()
    {
        using SqliteDataReader row = _selectAll.ExecuteReader();
        while (row.Read())
        {
            yield return (row.GetString(0), BarOf(row));
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _selectOne.Dispose();
        _selectAll.Dispose();
    }

    internal static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static Bar BarOf(SqliteDataReader row) =>
        new(Time(row, 1), Time(row, 2), Number(row, 3), Number(row, 4), Number(row, 5), Number(row, 6), Number(row, 7));

    private static DateTimeOffset Time(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    private static decimal Number(SqliteDataReader row, int column) =>
        decimal.Parse(row.GetString(column), NumberStyles.Float, CultureInfo.InvariantCulture);
}
