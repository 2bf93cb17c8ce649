using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Rlaif.Core;

namespace Rlaif.Tests.Cli;

/// <summary><c>docs/guide.md</c> says what the code says: its code blocks are those of the compiled examples, its defaults those of the options.</summary>
public sealed partial class GuideTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", ".."));

    private static string Guide => File.ReadAllText(Path.Combine(Root, "docs", "guide.md")).ReplaceLineEndings("\n");

    /// <summary>The parts of the examples between <c>// snippet: NAME</c> and <c>// end</c>, without their indent.</summary>
    private static Dictionary<string, string> Snippets()
    {
        var snippets = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] examples = ["01-learning-loop", "04-production-loop"];
        foreach (string file in examples.SelectMany(e => Directory.EnumerateFiles(Path.Combine(Root, "examples", e), "*.cs")))
        {
            foreach (Match match in SnippetPattern().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")).ToArray())
            {
                int indent = match.Groups["indent"].Length;
                IEnumerable<string> lines = match
                    .Groups["body"]
                    .Value.Split('\n')
                    .Select(l => l.Length > indent ? l[indent..] : l.TrimStart());
                snippets.Add(match.Groups["name"].Value, string.Join('\n', lines).Trim('\n'));
            }
        }

        return snippets;
    }

    [GeneratedRegex(
        @"^(?<indent> *)// snippet: (?<name>\S+)\n(?<body>.*?)^ *// end$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex SnippetPattern();

    [GeneratedRegex(
        @"<!-- snippet: (?<name>\S+) -->\n```csharp\n(?<body>((?!```).*\n)*)```",
        RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex QuotePattern();

    [GeneratedRegex(
        @"`(?<type>\w+)\.(?<property>\w+)` \| (?<value>[^|\n]+) \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex DefaultPattern();

    [Fact]
    public void Guide_EveryCodeBlock_IsInTheCompiledExample()
    {
        Dictionary<string, string> snippets = Snippets();
        string guide = Guide;
        Match[] quotes = QuotePattern().Matches(guide).ToArray();
        if (Environment.GetEnvironmentVariable("RLAIF_WRITE_DOCS") is { Length: > 0 })
        {
            guide = QuotePattern()
                .Replace(
                    guide,
                    m => $"<!-- snippet: {m.Groups["name"].Value} -->\n```csharp\n{snippets[m.Groups["name"].Value]}\n```"
                );
            File.WriteAllText(Path.Combine(Root, "docs", "guide.md"), guide);
            quotes = QuotePattern().Matches(guide).ToArray();
        }

        Assert.Equal(guide.Split("```csharp\n").Length - 1, quotes.Length);
        Assert.Equal(
            snippets.Keys.Order(StringComparer.Ordinal),
            quotes.Select(q => q.Groups["name"].Value).Order(StringComparer.Ordinal)
        );
        Assert.All(quotes, q => Assert.Equal(snippets[q.Groups["name"].Value], q.Groups["body"].Value.TrimEnd('\n')));
    }

    [Fact]
    public void Readme_EveryCodeBlock_IsInTheCompiledExample()
    {
        Dictionary<string, string> snippets = Snippets();
        string readme = File.ReadAllText(Path.Combine(Root, "README.md")).ReplaceLineEndings("\n");
        Match[] quotes = QuotePattern().Matches(readme).ToArray();
        Assert.Equal(readme.Split("```csharp\n").Length - 1, quotes.Length);
        Assert.NotEmpty(quotes);
        Assert.All(quotes, q => Assert.Equal(snippets[q.Groups["name"].Value], q.Groups["body"].Value.TrimEnd('\n')));
    }

    [Fact]
    public void Guide_EveryDefault_IsThatOfTheOptions()
    {
        Type[] types = typeof(Ledger).Assembly.GetExportedTypes();
        Match[] rows = DefaultPattern().Matches(Guide).ToArray();
        Assert.True(rows.Length >= 10, $"Only {rows.Length} defaults were found.");
        foreach (Match row in rows)
        {
            Type type = Assert.Single(types, t => t.Name == row.Groups["type"].Value);
            PropertyInfo? property = type.GetProperty(row.Groups["property"].Value);
            Assert.True(property is not null, $"{type.Name} has no {row.Groups["property"].Value}.");
            string actual = Words(property.GetValue(Activator.CreateInstance(type)));
            Assert.Equal($"{property.Name} {actual}", $"{property.Name} {row.Groups["value"].Value.Trim()}");
        }
    }

    private static string Words(object? value) =>
        value switch
        {
            null => "none",
            IEnumerable<int> numbers => string.Join(", ", numbers),
            System.Collections.IEnumerable list and not string => string.Join(", ", list.Cast<object>()),
            Rlaif.Preferences.ComparisonMetric metric => metric.Name,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
