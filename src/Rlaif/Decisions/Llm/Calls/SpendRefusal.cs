namespace Rlaif.Decisions.Llm.Calls;

/// <summary>Why a reservation was not given.</summary>
/// <param name="Limit">The limit that it could have passed.</param>
/// <param name="Spent">What is spent under it.</param>
/// <param name="Reserved">What is reserved under it.</param>
/// <param name="Asked">What the call could take.</param>
internal sealed record SpendRefusal(SpendLimit Limit, long Spent, long Reserved, long Asked);
