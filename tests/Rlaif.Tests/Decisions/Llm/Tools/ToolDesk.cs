using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Masking;
using Rlaif.Decisions.Llm.Tools;

namespace Rlaif.Tests.Decisions.Llm.Tools;

/// <summary>Tools over a simulated desk, with documents that a careless search finds whatever their time.</summary>
internal static class ToolDesk
{
    internal static AnalystTools Tools(MarketSnapshot snapshot, bool mask = false, int futureDocuments = 0)
    {
        DocumentPassage[] later = [.. Later(snapshot, futureDocuments)];
        return new(
            snapshot,
            mask ? Masker.Hide(snapshot, [snapshot.Symbol]) : Masker.None(snapshot),
            (_, count) => [.. later, .. Passages(snapshot).Take(count)],
            new ManagerOptions(),
            firstDocument: 3
        );
    }

    internal static JsonNode Call(AnalystTools tools, string name, params (string Name, object? Value)[] arguments) =>
        JsonNode.Parse(tools.Execute(name, Arguments(arguments)))!;

    internal static Dictionary<string, object?> Arguments(params (string Name, object? Value)[] arguments) =>
        arguments.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal);

    internal static MarketSnapshot Path(params double[] closes)
    {
        DateTimeOffset start = new(2024, 1, 1, 14, 30, 0, TimeSpan.Zero);
        IEnumerable<Bar> bars = closes.Select(
            (c, i) => new Bar(start.AddDays(i), start.AddDays(i).AddHours(6), (decimal)c, (decimal)c, (decimal)c, (decimal)c, 100)
        );
        return MarketSnapshot.Create(new BarSeries("AAA", bars), start.AddDays(closes.Length));
    }

    internal static DocumentPassage Passage(
        string text,
        DateTimeOffset knownAt,
        string? symbol = SimulatedDesk.Symbol,
        string title = "A title",
        int index = 0
    ) =>
        new(
            new Document
            {
                DocumentId = Document.CreateId(symbol, knownAt, DocumentKind.News, title, text),
                Symbol = symbol,
                KnownAt = knownAt,
                Type = DocumentKind.News,
                Title = title,
                Source = "wire",
                Text = text,
            },
            index,
            text,
            1
        );

    private static IEnumerable<DocumentPassage> Passages(MarketSnapshot snapshot) =>
        Enumerable.Range(0, 8).Select(i => Passage($"Passage {i} about orders.", snapshot.AsOf.AddDays(-i), snapshot.Symbol));

    private static IEnumerable<DocumentPassage> Later(MarketSnapshot snapshot, int seed)
    {
        var random = new DeterministicRandom(seed);
        return Enumerable
            .Range(0, seed == 0 ? 0 : 1 + random.NextInt(5))
            .Select(i => Passage($"Later {i} of {seed}.", snapshot.AsOf.AddSeconds(1 + i), snapshot.Symbol));
    }
}
