namespace Rlaif.Decisions.Llm.Calls;

/// <summary>What is set aside for a call before it is made: the most that it can take.</summary>
/// <param name="Id">Number in the book; 0 before it is in it.</param>
/// <param name="Day">The day, UTC, to which the call counts whenever it ends.</param>
/// <param name="Run">The run.</param>
/// <param name="Owner">Who asks whom.</param>
/// <param name="Input">Input tokens at most.</param>
/// <param name="Output">Output tokens at most.</param>
/// <param name="Nano">Billionths of a dollar at most; 0 when the price is not known.</param>
internal sealed record Reservation(long Id, DateOnly Day, string Run, CallOwner Owner, long Input, long Output, long Nano);
