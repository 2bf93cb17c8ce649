using System.Text.Json;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif;

/// <summary>Names a run by what it does: equal content, equal id.</summary>
internal static class RunId
{
    /// <summary>
    /// The id of a run over a range of dates: a run that is repeated finds its own records, a run on other data or with other options
    /// never does. Bars after the last day do not count, so that a run can be settled further when more of them are there.
    /// </summary>
    public static async Task<string> CreateAsync(
        IMarketData market,
        IReadOnlyList<string> symbols,
        DateRange dates,
        int generation,
        ManagerAgent manager,
        SettlementOptions settlement,
        int everySessions,
        string? model,
        CancellationToken cancellationToken
    )
    {
        string bars = await MarketFingerprint.ComputeAsync(market, symbols, dates.EndOfLastDay, cancellationToken);
        string options = JsonSerializer.Serialize(
            new
            {
                Manager = manager.Options,
                Settlement = settlement,
                EverySessions = everySessions,
            },
            RlaifJson.Compact
        );
        return ContentId.Create("run", bars, $"{dates}", $"{generation}", manager.Agents, options, model ?? "");
    }

    /// <summary>The id under which decisions of the day are kept: the same agents with the same options and the same model.</summary>
    public static string OfDesk(ManagerAgent manager, string? model) =>
        ContentId.Create(
            "run",
            "desk",
            manager.Agents,
            JsonSerializer.Serialize(manager.Options, RlaifJson.Compact),
            model ?? ""
        );
}
