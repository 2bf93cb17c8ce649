namespace Rlaif.Outcomes.Brokers;

/// <summary>A part of an order that was executed.</summary>
public sealed record Fill : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "fill";

    /// <summary>The broker's id of the execution: the same fill told twice is one.</summary>
    public required string FillId { get; init; }

    /// <summary>The order.</summary>
    public required string ClientOrderId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Bought or sold.</summary>
    public required OrderSide Side { get; init; }

    /// <summary>Shares, positive.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Price a share.</summary>
    public required decimal Price { get; init; }

    /// <summary>Commission and other costs, in currency.</summary>
    public required decimal Costs { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    string ILedgerRecord.Id => FillId;

    string? ILedgerRecord.ParentId => ClientOrderId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => At;
}
