using Rlaif.Data;
using Rlaif.Outcomes;

namespace Rlaif.Cli;

/// <summary>The trading days around recorded decisions.</summary>
internal static class DecisionCalendar
{
    private const int MaxSessionsBetween = 252;

    /// <summary>Those of the imported bars where they reach, else those of New York by its rules.</summary>
    /// <exception cref="RlaifInputException">Neither reaches.</exception>
    public static async Task<SessionCalendar> LoadAsync(CommandContext context, IReadOnlyList<SettledCandidate> settled)
    {
        DateOnly first = settled.Min(s => s.Context.Date);
        DateOnly last = DateOnly.FromDateTime(settled.Max(s => s.Outcome.ExitAt).UtcDateTime);
        string symbol = settled[0].Context.Symbol;
        if (await context.FindImportedBarsAsync() is { } market && market.Symbols.Contains(symbol))
        {
            SessionCalendar imported = market.GetCalendar(symbol);
            if (imported.Sessions[0] <= first && imported.Sessions[^1] >= last)
            {
                return imported;
            }
        }

        return first.Year >= NyseCalendar.FirstYear && last.Year <= NyseCalendar.LastYear
            ? NyseCalendar.Sessions(first, last)
            : throw new RlaifInputException(
                $"Decisions from {first:yyyy-MM-dd} to {last:yyyy-MM-dd} need their bars, to know the trading days: rlaif data import PATH"
            );
    }

    /// <summary>Trading sessions from one decision date to the next, on average.</summary>
    public static int SessionsBetween(IReadOnlyList<SettledCandidate> settled, SessionCalendar calendar)
    {
        DateOnly[] dates = [.. settled.Select(s => s.Context.Date).Distinct().Order()];
        if (dates.Length == 1)
        {
            return 1;
        }

        // Of D dates there are D - 1 steps, and both ends are counted as sessions.
        double steps = calendar.CountBetween(dates[0], dates[^1]) - 1;
        int between = (int)Math.Round(steps / (dates.Length - 1), MidpointRounding.AwayFromZero);
        return Math.Clamp(between, 1, MaxSessionsBetween);
    }
}
