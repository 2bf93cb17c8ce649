using System.Collections.Frozen;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>Words that texts write in capitals without meaning a ticker; for symbols that the table of names does not have.</summary>
internal static class OrdinaryWords
{
    private static readonly FrozenSet<string> Words = (
        "ACT ADD AGO AI AIR ALL AM AN AND ANY API AR ARE ART AS ASK AT ATM BAD BE BEST BIG BUT BUY BY CAN CAP CEO CFO CIO COO CPI CTO DATA DAY DC DO DOG "
        + "EBIT EPS ESG ETF EU EV FAR FAST FDA FED FOR FREE FUN FUND FX FY GAP GAS GDP GO GOOD GROW HAS HE HIGH HOLD HOME HOPE HOT HR HUGE ID IF II III IN IPO IR IRS "
        + "IS IT ITS JOB JUST KEY KEEP KIDS LA LAND LAW LIFE LIVE LLC LOAN LOVE LOW MAIN MAN MAP MAX ME MORE MY NEW NEXT NICE NO NOT NOW NY OF OFF OIL OLD ON "
        + "ONE OPEN OR OUR OUT PAY PC PE PLAY PM POST PR Q QE REAL RISE ROAD ROI RSI RUN SAFE SAVE SEC SEE SELL SHE SHOP SITE SIX SKY SO STAR STAY SUN TAX "
        + "TECH TEN THE TO TOP TRUE TV TWO UK UN UP US USA USD VIA WALL WAR WAS WAY WE WELL WHO WHY WIN WIRE WISE YEAR YES YOU"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a symbol is one of them, or a single letter.</summary>
    internal static bool Contains(string symbol) => symbol.Length == 1 || Words.Contains(symbol);
}
