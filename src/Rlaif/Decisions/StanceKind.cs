namespace Rlaif.Decisions;

/// <summary>The manager's ways of reading the reports; the first ones give one candidate each, the last one all further ones.</summary>
internal enum StanceKind
{
    /// <summary>The static baseline: every report counts by its confidence alone.</summary>
    Balanced,

    /// <summary>The tape leads, over a short horizon.</summary>
    Trend,

    /// <summary>Takes the side that the desk does not take.</summary>
    Contrarian,

    /// <summary>Filings lead, over a long horizon.</summary>
    Value,

    /// <summary>Risk leads; small or nothing.</summary>
    Cautious,

    /// <summary>A seeded mixture.</summary>
    Mixed,
}
