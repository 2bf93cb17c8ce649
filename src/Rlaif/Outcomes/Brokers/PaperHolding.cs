namespace Rlaif.Outcomes.Brokers;

/// <summary>What a paper account holds of one instrument.</summary>
/// <param name="Shares">Negative when short.</param>
/// <param name="AveragePrice">Mean entry price of the shares held.</param>
/// <param name="Session">Last session whose splits, dividends and nights are booked.</param>
internal sealed record PaperHolding(decimal Shares, decimal AveragePrice, DateOnly Session)
{
    public PaperHolding After(PaperEntry entry)
    {
        decimal shares = Shares + entry.Shares;
        decimal price =
            shares == 0 ? 0
            : entry.What == PaperEntryKind.Split ? AveragePrice * Shares / shares
            : entry.Fill is not { } fill ? AveragePrice
            : Math.Sign(Shares) * Math.Sign(shares) < 0 || Shares == 0 ? fill.Price
            : Math.Abs(shares) > Math.Abs(Shares) ? ((Shares * AveragePrice) + (entry.Shares * fill.Price)) / shares
            : AveragePrice;
        return new PaperHolding(shares, price, entry.Session > Session ? entry.Session : Session);
    }
}
