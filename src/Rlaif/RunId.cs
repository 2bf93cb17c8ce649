using System.Text.Json;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif;

/// <summary>Names a run by what it does: equal content, equal id.</summary>
internal static class RunId
{
    /// <summary>
    /// The id of a run over a range of dates: a run that is repeated finds its own records, a run on other prices, on another schedule or with
    /// other options never does. Bars and documents after the last day do not count, so that a run can be settled further when more of them are there.
    /// </summary>
    public static async Task<string> CreateAsync(
        IMarketData market,
        DateRange dates,
        IReadOnlyList<DecisionMoment> moments,
        int generation,
        ManagerAgent manager,
        SettlementOptions settlement,
        string? model,
        CancellationToken cancellationToken,
        string? memory = null
    )
    {
        string[] symbols = [.. moments.Select(m => m.Symbol).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string bars = await MarketFingerprint.ComputeAsync(market, symbols, dates.EndOfLastDay, cancellationToken);
        string due = string.Join('|', moments.Select(m => $"{m.Symbol} {m.AsOf.UtcTicks}"));
        string options = JsonSerializer.Serialize(new { Manager = manager.Options, Settlement = settlement }, RlaifJson.Compact);
        // With other documents to read the agents say something else.
        string agents = $"{Agents(manager, memory)}{manager.KnowledgeAt(symbols, dates.EndOfLastDay)}";
        return ContentId.Create("run", bars, due, $"{generation}", agents, options, model ?? "");
    }

    /// <summary>The id under which decisions of the day are kept: the same agents with the same options and the same model.</summary>
    public static string OfDesk(ManagerAgent manager, string? model, string? memory = null) =>
        ContentId.Create(
            "run",
            "desk",
            Agents(manager, memory),
            JsonSerializer.Serialize(manager.Options, RlaifJson.Compact),
            model ?? ""
        );

    // Rules change with the library: a run that another version began is another run.
    private static string Agents(ManagerAgent manager, string? memory) =>
        $"{manager.Agents}/{typeof(RunId).Assembly.GetName().Version}{manager.Fingerprint}{memory}";
}
