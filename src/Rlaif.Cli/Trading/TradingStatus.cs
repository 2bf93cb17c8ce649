using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>What <c>rlaif status</c> says of trading. It only looks: a file KILL is seen, not acted on.</summary>
/// <param name="Halted">The stop in force; null when trading is allowed.</param>
/// <param name="LastEquity">What the account was worth at the end of the last session; null before the first.</param>
/// <param name="OpenOrders">Orders that were sent and whose end is not known.</param>
internal sealed record TradingStatus(TradingStatus.Halt? Halted, TradingStatus.Mark? LastEquity, int OpenOrders)
{
    /// <summary>The members, for the reference.</summary>
    public const string Fields =
        "trading{halted{reason,at,flatten}|null,last_equity{session,equity,cash,at}|null,open_orders} (null before the first order)";

    internal sealed record Halt(string Reason, DateTimeOffset At, bool Flatten);

    internal sealed record Mark(DateOnly Session, decimal Equity, decimal Cash, DateTimeOffset At);

    /// <summary>Reads it; null in a home that never traded and where trading is not stopped.</summary>
    public static async Task<TradingStatus?> ReadAsync(
        Ledger ledger,
        HomeFolder home,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        TradingHalt? halt = await new HaltSwitch(ledger, time).FindAsync(cancellationToken);
        IReadOnlyList<EquityMark> marks = await ledger.ReadAsync<EquityMark>(cancellationToken: cancellationToken);
        IReadOnlyList<Order> orders = await ledger.ReadAsync<Order>(cancellationToken: cancellationToken);
        IReadOnlyList<OrderUpdate> updates = await ledger.ReadAsync<OrderUpdate>(cancellationToken: cancellationToken);
        HashSet<string> ended = [.. updates.Where(u => !u.State.IsOpen).Select(u => u.State.ClientOrderId)];
        Halt? halted =
            halt is not null ? new Halt(halt.Reason, halt.At, halt.Flatten)
            : File.Exists(home.KillFile)
                ? new Halt(
                    $"the file {Path.GetFileName(home.KillFile)} is there",
                    new DateTimeOffset(File.GetLastWriteTimeUtc(home.KillFile)),
                    false
                )
            : null;
        if (halted is null && orders.Count == 0 && marks.Count == 0)
        {
            return null;
        }

        return new TradingStatus(
            halted,
            marks is [.., var last] ? new Mark(last.Session, last.Equity, last.Cash, last.At) : null,
            orders.Count(o => !ended.Contains(o.ClientOrderId))
        );
    }

    /// <summary>Says it to a person.</summary>
    public void Show(IAnsiConsole console)
    {
        console.WriteLine(
            LastEquity is { } mark
                ? $"trading: equity {mark.Equity:0.00}, cash {mark.Cash:0.00} after {mark.Session:yyyy-MM-dd}; {OpenOrders} orders open"
                : $"trading: {OpenOrders} orders open"
        );
        if (Halted is { } halt)
        {
            console.WriteLine(
                $"TRADING IS STOPPED since {halt.At:u}{(halt.Flatten ? ", positions are closed" : "")}: {halt.Reason} (rlaif resume)"
            );
        }
    }
}
