using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>What settlement needs to know of one symbol's market.</summary>
/// <param name="Bars">The symbol's bars. Those that are not complete at the clock are not looked at.</param>
/// <param name="Calendar">The trading days of its exchange.</param>
/// <param name="Benchmark">The market index, or null when there is none.</param>
public sealed record MarketPath(BarSeries Bars, SessionCalendar Calendar, BarSeries? Benchmark = null);
