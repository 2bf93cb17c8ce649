namespace Rlaif.Outcomes;

/// <summary>A filled position followed to the last known close: what describing it, and marking it on with live prices, needs.</summary>
/// <param name="Position">The position at that close.</param>
/// <param name="SharesAtEntry">Shares bought or sold at the entry.</param>
/// <param name="Share">One of them, with the splits and dividends up to the clock's date: those of a morning count before its first bar does.</param>
/// <param name="Way">Its way to that close.</param>
/// <param name="Levels">Target and stops in force after that close.</param>
internal sealed record HeldPosition(Position Position, decimal SharesAtEntry, HeldShare Share, EquityPath Way, ExitLevels Levels);
