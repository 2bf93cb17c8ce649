using System.Globalization;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Tuning;

namespace Rlaif.Tests.Scenarios;

/// <summary>A desk in Berlin and one in Boston write the same records.</summary>
public sealed class CultureTests
{
    [Fact]
    public async Task Decide_CommaCulture_WritesTheSameRecordsAndHashes()
    {
        string boston = await WriteAsync(CultureInfo.InvariantCulture);
        Assert.Equal(boston, await WriteAsync(CommaCulture()));
        Assert.Contains("%", boston, StringComparison.Ordinal);
    }

    private static async Task<string> WriteAsync(CultureInfo culture)
    {
        CultureInfo.CurrentCulture = culture;
        SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Sessions = 400, Symbols = ["AAPL"] });
        DateOnly session = market.GetCalendar("AAPL").Sessions[350];
        MarketSnapshot snapshot = await market.GetSnapshotAsync("AAPL", NyseCalendar.Hours(session).Close);
        Proposal proposal = await ManagerAgent.RuleBased().AnalyzeAsync(snapshot, "run", 0);
        string fingerprint = await MarketFingerprint.ComputeAsync(market, market.Symbols, DateTimeOffset.MaxValue);
        string answers = string.Join('\n', proposal.Candidates.Select(CandidateText.Answer));
        string records = System.Text.Json.JsonSerializer.Serialize(proposal, RlaifJson.Compact);
        return $"{fingerprint}\n{snapshot.Hash}\n{answers}\n{records}";
    }

    // Made by hand: the test process runs with invariant globalization and knows no other.
    private static CultureInfo CommaCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.PercentDecimalSeparator = ",";
        culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        return culture;
    }
}
