using System.Text.Json;

namespace Rlaif.Core;

/// <summary>Records of any kinds that are appended in one transaction: either all are in the ledger afterwards, or none.</summary>
public sealed class LedgerBatch
{
    private readonly List<Row> _rows = [];

    internal IReadOnlyList<Row> Rows => _rows;

    /// <summary>Adds one record.</summary>
    public LedgerBatch Add<T>(T record)
        where T : ILedgerRecord
    {
        string body = JsonSerializer.Serialize(record, RlaifJson.Compact);
        _rows.Add(new Row(T.Kind, record.Id, record.ParentId, record.Symbol, record.KnownAt.UtcTicks, body));
        return this;
    }

    /// <summary>Adds records of one kind in order.</summary>
    public LedgerBatch AddRange<T>(IEnumerable<T> records)
        where T : ILedgerRecord
    {
        foreach (T record in records)
        {
            Add(record);
        }

        return this;
    }

    internal readonly record struct Row(string Kind, string Id, string? ParentId, string? Symbol, long KnownAtTicks, string Body);
}
