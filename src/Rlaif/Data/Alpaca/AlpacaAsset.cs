using System.Text.Json.Serialization;

namespace Rlaif.Data.Alpaca;

/// <summary>An instrument and what may be done with it.</summary>
public sealed record AlpacaAsset
{
    /// <summary>Alpaca's id.</summary>
    public required string Id { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Name of the company or fund.</summary>
    public string Name { get; init; } = "";

    /// <summary>Class: <c>us_equity</c>, <c>crypto</c>, ...</summary>
    [JsonPropertyName("class")]
    public required string AssetClass { get; init; }

    /// <summary>Where it is listed.</summary>
    public string Exchange { get; init; } = "";

    /// <summary><c>active</c> or <c>inactive</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Whether it can be traded at Alpaca.</summary>
    public required bool Tradable { get; init; }

    /// <summary>Whether it can be bought on margin.</summary>
    public bool Marginable { get; init; }

    /// <summary>Whether it can be sold short.</summary>
    public bool Shortable { get; init; }

    /// <summary>Whether shares to sell short are easily borrowed.</summary>
    public bool EasyToBorrow { get; init; }

    /// <summary>Whether parts of a share can be traded.</summary>
    public bool Fractionable { get; init; }
}
