using System.CommandLine;
using System.Globalization;
using Rlaif.Data;
using Rlaif.Data.Indicators;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif features</c>.</summary>
internal sealed class FeaturesVerb : Verb
{
    private const int RowsShown = 20;
    private const int ProgressEvery = 50;

    private readonly Argument<string?> _symbol = new("SYMBOL")
    {
        Description = "The symbol; its bars must be imported",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<DateOnly?> _from = new("--from") { Description = "First session", HelpName = "DATE" };

    private readonly Option<DateOnly?> _to = new("--to") { Description = "Last session", HelpName = "DATE" };

    private readonly Option<string?> _csv = new("--csv") { Description = "Write the rows to a file", HelpName = "FILE" };

    private readonly Option<string?> _indicators = new("--indicators")
    {
        Description = "These indicators instead of the market features, with any parameters: \"rsi(14), macd(12,26,9).signal\"",
        HelpName = "LIST",
    };

    private readonly Option<bool> _list = new("--list") { Description = "List every indicator and every market feature" };

    public FeaturesVerb()
        : base(
            "features",
            "What was known at each session's close, in numbers: the market features, or any indicators. Null in the warm-up",
            "rlaif features AAPL --from 2024-01-02 --indicators \"rsi(14), macd(12,26,9)\""
        )
    {
        Arguments.Add(_symbol);
        foreach (Option option in (Option[])[_from, _to, _csv, _indicators, _list])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetValue(_symbol) is null && !result.GetValue(_list))
            {
                result.AddError("Name a symbol, or --list.");
            }
        });
    }

    public override string JsonFields =>
        "schema{version,names[],units[]}, rows[{date,values{name:number|null}}]; with --list: indicators[{name,parameters[],outputs[],source,...}], features[{name,unit,description}]";

    private sealed record Row(DateOnly Date, IReadOnlyDictionary<string, double?> Values);

    private sealed record Table(string Version, string[] Names, string[] Units, Row[] Rows);

    protected override async Task<int> RunAsync(CommandContext context)
    {
        if (context.Get(_list))
        {
            context.Output.Result(new { Indicators = IndicatorCatalog.All, Features = MarketFeatures.Schema }, ShowList);
            return ExitCode.Done;
        }

        string symbol = context.Get(_symbol)!;
        IReadOnlyList<IndicatorRequest>? requests = context.Get(_indicators) is { } list ? IndicatorCatalog.Parse(list) : null;
        IMarketData market = await context.LoadImportedBarsAsync();
        BarSeries series = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, context.CancellationToken);
        int[] closes =
        [
            .. Closes(series, new DateRange(context.Get(_from) ?? DateOnly.MinValue, context.Get(_to) ?? DateOnly.MaxValue)),
        ];
        if (closes.Length == 0)
        {
            throw new NotEnoughDataException(
                $"{symbol} has no session in that range; its bars run from {series[0].Session:yyyy-MM-dd} to {series[series.Count - 1].Session:yyyy-MM-dd}."
            );
        }

        Table table = requests is null
            ? await context.Output.ProgressAsync(
                "features",
                p => MarketTableAsync(market, series, closes, p, context.CancellationToken)
            )
            : IndicatorTable(requests, series, closes);
        if (context.Get(_csv) is { } file)
        {
            await CsvFile.WriteAsync(file, table.Names.Prepend("date"), table.Rows.Select(Cells), context.CancellationToken);
            context.Output.Note($"{table.Rows.Length} rows written to {file}");
        }

        context.Output.Result(
            new
            {
                Schema = new
                {
                    table.Version,
                    table.Names,
                    table.Units,
                },
                table.Rows,
            },
            console => Show(console, table, requests is null)
        );
        return ExitCode.Done;
    }

    // Of several bars in one session the last one closes it.
    private static IEnumerable<int> Closes(BarSeries series, DateRange range) =>
        Enumerable
            .Range(0, series.Count)
            .Where(i => range.Contains(series[i].Session))
            .Where(i => i + 1 == series.Count || series[i + 1].Session != series[i].Session);

    private static async Task<Table> MarketTableAsync(
        IMarketData market,
        BarSeries series,
        int[] closes,
        IProgress<ProgressUpdate> progress,
        CancellationToken cancellationToken
    )
    {
        var rows = new Row[closes.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Bar bar = series[closes[i]];
            MarketSnapshot snapshot = await market.GetSnapshotAsync(series.Symbol, bar.CloseTime, cancellationToken);
            rows[i] = new Row(bar.Session, MarketFeatures.Compute(snapshot));
            if (i % ProgressEvery == 0)
            {
                progress.Report(new ProgressUpdate("features", i, rows.Length));
            }
        }

        IReadOnlyList<FeatureDefinition> schema = MarketFeatures.Schema;
        return new Table(MarketFeatures.SchemaVersion, [.. schema.Select(f => f.Name)], [.. schema.Select(f => f.Unit)], rows);
    }

    private static Table IndicatorTable(IReadOnlyList<IndicatorRequest> requests, BarSeries series, int[] closes)
    {
        const int VersionLength = 12;
        IReadOnlyDictionary<string, double?[]> columns = IndicatorCatalog.Compute(requests, series);
        var units = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (IndicatorRequest request in requests)
        {
            IEnumerable<IndicatorOutput> outputs = request.Indicator.Outputs.Where(o =>
                request.Output is null || o.Name == request.Output
            );
            foreach ((string column, IndicatorOutput output) in request.Columns.Zip(outputs))
            {
                units[column] = output.Unit.ToString().ToLowerInvariant();
            }
        }

        string version = ContentId.Sha256(string.Join('\n', columns.Keys.Select(n => $"{n}|{units[n]}")))[..VersionLength];
        Row[] rows =
        [
            .. closes.Select(i => new Row(
                series[i].Session,
                new OrderedDictionary<string, double?>(columns.Select(c => KeyValuePair.Create(c.Key, c.Value[i])))
            )),
        ];
        return new Table(version, [.. columns.Keys], [.. columns.Keys.Select(n => units[n])], rows);
    }

    private static IEnumerable<string> Cells(Row row) =>
        row
            .Values.Values.Select(v => v?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty)
            .Prepend($"{row.Date:yyyy-MM-dd}");

    private static void Show(IAnsiConsole console, Table table, bool isSchema)
    {
        // Fifty columns fit no screen: the latest row, turned on its side.
        if (isSchema)
        {
            Row last = table.Rows[^1];
            var turned = new Spectre.Console.Table().AddColumns("feature", $"{last.Date:yyyy-MM-dd}", "unit", "meaning");
            foreach (FeatureDefinition f in MarketFeatures.Schema)
            {
                turned.AddRow(f.Name, Number(last.Values[f.Name]), Markup.Escape(f.Unit), Markup.Escape(f.Description));
            }

            console.Write(turned);
            console.WriteLine($"the last of {table.Rows.Length} rows, schema {table.Version}; --csv or --json give all");
            return;
        }

        var shown = new Spectre.Console.Table().AddColumns([.. table.Names.Prepend("date").Select(Markup.Escape)]);
        foreach (Row row in table.Rows.TakeLast(RowsShown))
        {
            shown.AddRow([.. row.Values.Values.Select(Number).Prepend($"{row.Date:yyyy-MM-dd}")]);
        }

        console.Write(shown);
        if (table.Rows.Length > RowsShown)
        {
            console.WriteLine($"the last {RowsShown} of {table.Rows.Length} rows; --csv or --json give all");
        }
    }

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";

    private static void ShowList(IAnsiConsole console)
    {
        var indicators = new Spectre.Console.Table().AddColumns("indicator", "parameters", "outputs", "meaning");
        foreach (IndicatorDefinition i in IndicatorCatalog.All)
        {
            string parameters = string.Join(
                ", ",
                i.Parameters.Select(p => $"{p.Name} {p.Default.ToString(CultureInfo.InvariantCulture)}")
            );
            string outputs = string.Join(", ", i.Outputs.Select(o => o.Name));
            indicators.AddRow(Markup.Escape(i.Name), Markup.Escape(parameters), outputs, Markup.Escape(i.Description));
        }

        var features = new Spectre.Console.Table().AddColumns("market feature", "unit", "meaning");
        foreach (FeatureDefinition f in MarketFeatures.Schema)
        {
            features.AddRow(f.Name, Markup.Escape(f.Unit), Markup.Escape(f.Description));
        }

        console.Write(indicators);
        console.Write(features);
    }
}
