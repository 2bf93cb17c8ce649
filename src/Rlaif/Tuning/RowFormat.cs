using System.Text.Json.Nodes;

namespace Rlaif.Tuning;

/// <summary>How one example is written for one task in one layout.</summary>
/// <param name="Write">The row as JSON; the order of the keys is part of the layout.</param>
/// <param name="OnePrompt">Whether a row has room for one prompt only, so that both sides of a pair must share it.</param>
/// <param name="MinRows">Fewest rows that the service accepts.</param>
/// <param name="MaxRows">Most rows that the service accepts.</param>
/// <param name="Warning">What a user should know before relying on it; null when there is nothing.</param>
internal sealed record RowFormat(
    Func<TuningRow, JsonObject> Write,
    bool OnePrompt = true,
    int MinRows = 1,
    int MaxRows = int.MaxValue,
    string? Warning = null
);
