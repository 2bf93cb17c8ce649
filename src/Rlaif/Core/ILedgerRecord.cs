using System.Text.Json.Serialization;

namespace Rlaif.Core;

/// <summary>An immutable fact that the ledger keeps for ever. Implement explicitly: these members are columns, not JSON.</summary>
public interface ILedgerRecord
{
    /// <summary>The kind of record, snake_case and stable: it is stored (for example <c>candidate</c>).</summary>
    static abstract string Kind { get; }

    /// <summary>Unique within the kind; a pure function of the record's content.</summary>
    [JsonIgnore]
    string Id { get; }

    /// <summary>What the record belongs to (a candidate's context, an outcome's candidate); null when it stands alone.</summary>
    [JsonIgnore]
    string? ParentId { get; }

    /// <summary>The instrument that the record concerns, or null.</summary>
    [JsonIgnore]
    string? Symbol { get; }

    /// <summary>The first moment at which the fact could have been known, UTC.</summary>
    [JsonIgnore]
    DateTimeOffset KnownAt { get; }
}
