using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Judging;

/// <summary>
/// The principles by which reasoning is judged: a text whose first line is <c>version: N</c>, followed by one line
/// <c>- name: what it asks for</c> per principle. Names are snake_case.
/// </summary>
public sealed record Constitution
{
    private const int MaxPrinciples = 20;
    private const int HashLength = 8;

    private static readonly Regex VersionLine = new("^version: (?<n>[1-9][0-9]{0,5})$", RegexOptions.NonBacktracking);
    private static readonly Regex PrincipleLine = new("^- (?<name>[a-z][a-z_]{0,39}): \\S", RegexOptions.NonBacktracking);

    private static readonly Lazy<Constitution> Embedded = new(() => Parse(ReadResource("constitution.md")));

    private Constitution(int version, string text, ImmutableArray<string> principles) =>
        (Version, Text, Principles) = (version, text, principles);

    /// <summary>The constitution that comes with the library.</summary>
    public static Constitution Standard => Embedded.Value;

    /// <summary>Its version, 1 or more.</summary>
    public int Version { get; }

    /// <summary>The principles as they are written, without the line of the version.</summary>
    public string Text { get; }

    /// <summary>The names of the principles, in their order.</summary>
    public IReadOnlyList<string> Principles { get; }

    /// <summary>Name and hash of the text, for example <c>constitution@1f0c9a5b</c>.</summary>
    public string Id => $"constitution@{HashOf($"{Version}\n{Text}")}";

    /// <summary>Reads a constitution.</summary>
    /// <exception cref="RlaifInputException">The text has another form; the message names the line.</exception>
    public static Constitution Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (int version, string body) = SplitVersion(text, "constitution");
        var names = new List<string>();
        int number = 1;
        foreach (string line in body.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            Match principle = PrincipleLine.Match(line);
            if (!principle.Success || names.Contains(principle.Groups["name"].Value))
            {
                throw new RlaifInputException(
                    $"The constitution, line {number}: a principle is written '- name: text', its name in snake_case and used once."
                );
            }

            names.Add(principle.Groups["name"].Value);
        }

        return names.Count is > 0 and <= MaxPrinciples
            ? new Constitution(version, body.Trim(), [.. names])
            : throw new RlaifInputException($"The constitution has {names.Count} principles; it needs 1 to {MaxPrinciples}.");
    }

    /// <summary>An embedded prompt of this folder, with line feeds only, so that its hash is the same on every machine.</summary>
    internal static string ReadResource(string name)
    {
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"{typeof(Constitution).Namespace}.{name}")
            ?? throw new InvalidOperationException($"The prompt {name} is not part of the library.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The version and what follows its line.</summary>
    /// <exception cref="RlaifInputException">The first line is no version.</exception>
    internal static (int Version, string Body) SplitVersion(string text, string what)
    {
        string[] parts = text.ReplaceLineEndings("\n").Split('\n', count: 2);
        Match version = VersionLine.Match(parts[0]);
        return version.Success && parts.Length == 2
            ? (int.Parse(version.Groups["n"].ValueSpan), parts[1])
            : throw new RlaifInputException($"The {what}, line 1: the first line is 'version: N', N from 1 to 999999.");
    }

    /// <summary>The short hash of a prompt.</summary>
    internal static string HashOf(string text) => ContentId.Sha256(text)[..HashLength];
}
