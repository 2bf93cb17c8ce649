using Rlaif.Data.Text;
using Rlaif.Data.Text.Hub;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif encoders list</c>.</summary>
internal sealed class EncodersListVerb : Verb
{
    public EncodersListVerb()
        : base(
            "list",
            "The text encoders that can be used: built in, in the home, and those that can be pulled",
            "rlaif encoders list"
        ) { }

    public override string JsonFields =>
        "encoders[{name,kind,dimensions,max_tokens,megabytes,license,source,is_there,path}]; null where it is not known, or does not apply";

    private sealed record Row(
        string Name,
        string Kind,
        int? Dimensions,
        int? MaxTokens,
        int? Megabytes,
        string? License,
        string? Source,
        bool IsThere,
        string? Path
    );

    protected override Task<int> RunAsync(CommandContext context)
    {
        Row[] rows =
        [
            new(
                HashedTextEncoder.SpecName,
                "hashed",
                HashedTextEncoder.DefaultDimensions,
                null,
                null,
                null,
                "built in",
                true,
                null
            ),
            .. KnownEncoder.All.Select(k => Known(k, context.Home.Encoders)),
            .. Others(context.Home.Encoders),
        ];
        context.Output.Result(new { Encoders = rows }, console => Show(console, rows));
        return Task.FromResult(ExitCode.Done);
    }

    private static Row Known(KnownEncoder known, string folder)
    {
        string path = Path.Combine(folder, known.Name);
        bool isThere = Directory.Exists(path);
        return new Row(
            known.Name,
            known.Kind,
            (isThere ? EncoderManifest.Read(path)?.Dimensions : null) ?? known.Dimensions,
            known.MaxTokens,
            known.Megabytes,
            known.License,
            known.Repository,
            isThere,
            isThere ? path : null
        );
    }

    // Folders that a person put there. What is in them is found out when they are used.
    private static IEnumerable<Row> Others(string folder) =>
        !Directory.Exists(folder)
            ? []
            : Directory
                .EnumerateDirectories(folder)
                .Where(p => EncoderHub.IsName(Path.GetFileName(p)) && KnownEncoder.Find(Path.GetFileName(p)) is null)
                .Order(StringComparer.Ordinal)
                .Select(p => new Row(Path.GetFileName(p), "folder", null, null, null, null, null, true, p));

    private static void Show(IAnsiConsole console, Row[] rows)
    {
        Table table = new Table().AddColumns("name", "kind", "dimensions", "tokens read", "size", "licence", "source", "there");
        foreach (Row r in rows)
        {
            table.AddRow(
                Markup.Escape(r.Name),
                r.Kind,
                r.Dimensions is { } d ? $"{d}" : "-",
                r.MaxTokens is { } t ? $"{t}" : "-",
                r.Megabytes is { } m ? $"about {m} MB" : "-",
                r.License ?? "-",
                Markup.Escape(r.Source ?? "put there"),
                r.IsThere ? "yes" : "no"
            );
        }

        console.Write(table);
        console.WriteLine("Get one: rlaif encoders pull NAME; use one: rlaif train --encoder NAME");
    }
}
