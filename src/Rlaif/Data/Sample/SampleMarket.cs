using System.Reflection;

namespace Rlaif.Data;

/// <summary>
/// The bundled real series: Apple, daily, 2013-05-13 to 2018-05-11, with the S&amp;P 500 from a month earlier as its benchmark. Prices
/// reflect the 7:1 split of 2014 and no dividends. Sources and licences are in THIRD-PARTY-NOTICES.md.
/// </summary>
public static class SampleMarket
{
    /// <summary>The traded symbol.</summary>
    public const string Symbol = "AAPL";

    /// <summary>The symbol of the index.</summary>
    public const string Benchmark = "SP500";

    private const string Resource = "Rlaif.Data.Resources.sample_bars.csv.gz";

    /// <summary>Reads the sample out of the assembly.</summary>
    public static IMarketData Load()
    {
        Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidDataException($"The assembly lacks its resource {Resource}.");
        using CsvTable table = CsvTable.Open(stream);
        var problems = new List<ImportProblem>();
        BarFile? file = BarFile.Read(table, "sample_bars.csv.gz", new BarImportOptions(), problems, CancellationToken.None);
        BarImportResult result = BarImport.Combine(file is null ? [] : [file], [], PriceBasis.Adjusted, problems);
        return problems.Count == 0
            ? new InMemoryMarketData("sample", result.Series, Benchmark)
            : throw new InvalidDataException($"The bundled sample is damaged: {problems[0]}");
    }
}
