using System.CommandLine;
using System.Globalization;
using Rlaif.Data;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif data show</c>.</summary>
internal sealed class DataShowVerb : Verb
{
    private const int BarsShown = 30;

    private readonly Argument<string> _symbol = new("SYMBOL") { Description = "The symbol" };

    private readonly Option<DateOnly?> _from = new("--from") { Description = "First session", HelpName = "DATE" };

    private readonly Option<DateOnly?> _to = new("--to") { Description = "Last session", HelpName = "DATE" };

    private readonly Option<string?> _csv = new("--csv") { Description = "Write the bars to a file", HelpName = "FILE" };

    public DataShowVerb()
        : base(
            "show",
            "Bars as they were imported: prices in currency units, volume in shares",
            "rlaif data show AAPL --from 2024-01-02"
        )
    {
        Arguments.Add(_symbol);
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_csv);
    }

    private sealed record Row(string Date, decimal Open, decimal High, decimal Low, decimal Close, decimal Volume);

    public override string JsonFields => "bars[{date,open,high,low,close,volume}]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        IMarketData market = await context.LoadImportedBarsAsync();
        BarSeries series = await market.GetBarsAsync(context.Get(_symbol)!, DateTimeOffset.MaxValue, context.CancellationToken);
        var range = new DateRange(context.Get(_from) ?? DateOnly.MinValue, context.Get(_to) ?? DateOnly.MaxValue);
        Row[] rows = [.. Rows(series, range)];
        if (context.Get(_csv) is { } file)
        {
            await WriteAsync(file, rows, context.CancellationToken);
            context.Output.Note($"{rows.Length} bars written to {file}");
        }

        bool all = range != DateRange.All || rows.Length <= BarsShown;
        context.Output.Result(new { Bars = rows }, console => Show(console, rows, all));
        return ExitCode.Done;
    }

    // A session is named by its date; shorter bars by the UTC time at which they open.
    private static IEnumerable<Row> Rows(BarSeries series, DateRange range)
    {
        bool intraday = false;
        for (int i = 1; i < series.Count; i++)
        {
            intraday |= series[i].Session == series[i - 1].Session;
        }

        for (int i = 0; i < series.Count; i++)
        {
            Bar bar = series[i];
            if (range.Contains(bar.Session))
            {
                string date = bar.OpenTime.ToString(
                    intraday ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-dd",
                    CultureInfo.InvariantCulture
                );
                yield return new Row(date, bar.Open, bar.High, bar.Low, bar.Close, bar.Volume);
            }
        }
    }

    private static void Show(IAnsiConsole console, Row[] rows, bool all)
    {
        Table table = new Table().AddColumns("date", "open", "high", "low", "close", "volume (shares)");
        foreach (Row r in all ? rows : rows[^BarsShown..])
        {
            table.AddRow(r.Date, $"{r.Open}", $"{r.High}", $"{r.Low}", $"{r.Close}", $"{r.Volume}");
        }

        console.Write(table);
        if (!all)
        {
            console.WriteLine($"the last {BarsShown} of {rows.Length} bars; --from, --to, --csv or --json give the others");
        }
    }

    private static async Task WriteAsync(string file, Row[] rows, CancellationToken cancellationToken)
    {
        IEnumerable<string> lines = rows.Select(r =>
            string.Create(CultureInfo.InvariantCulture, $"{r.Date},{r.Open},{r.High},{r.Low},{r.Close},{r.Volume}")
        );
        try
        {
            await File.WriteAllLinesAsync(file, lines.Prepend("date,open,high,low,close,volume"), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot write '{file}': {e.Message}", e);
        }
    }
}
