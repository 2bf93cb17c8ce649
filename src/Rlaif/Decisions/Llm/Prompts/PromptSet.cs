using System.Reflection;
using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Prompts;

/// <summary>
/// The prompts of a team: files whose first line is <c>version: N</c> and whose text may hold placeholders such as <c>{{symbol}}</c>.
/// A folder of the user's may replace single files.
/// </summary>
public sealed class PromptSet
{
    private const int ShortHash = 8;
    private const string Extension = ".md";

    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(5);
    private static readonly Regex VersionLine = new("^version: [1-9][0-9]{0,5}$", RegexOptions.CultureInvariant, RegexLimit);
    private static readonly Regex Placeholder = new(@"\{\{(?<name>[a-z_]+)\}\}", RegexOptions.CultureInvariant, RegexLimit);
    private static readonly Lazy<PromptSet> Embedded = new(() => new PromptSet(ReadEmbedded()));

    private readonly SortedDictionary<string, string> _files;

    private PromptSet(SortedDictionary<string, string> files)
    {
        _files = files;
        Hash = ContentId.Sha256(string.Join('\0', files.Select(f => $"{f.Key}\0{f.Value}")));
    }

    /// <summary>The prompts that come with the library.</summary>
    public static PromptSet Default => Embedded.Value;

    /// <summary>The names of the files, without extension, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => _files.Keys;

    /// <summary>SHA-256 of all files, in lower-case hex; the same on every machine.</summary>
    public string Hash { get; }

    /// <summary>The default prompts with those files replaced that a folder holds.</summary>
    /// <param name="folder">A folder with at least one <c>.md</c> file, each named like a default one.</param>
    /// <exception cref="RlaifInputException">
    /// A file has an unknown name, no version, no text, or other placeholders than the default one; all problems are listed.
    /// </exception>
    public static PromptSet Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, $"*{Extension}") : [];
        if (paths.Length == 0)
        {
            throw new RlaifInputException(
                $"'{folder}' has no prompt files. It must be a folder with {Extension} files of these names: {string.Join(", ", Default.Names)}."
            );
        }

        var files = new SortedDictionary<string, string>(Default._files, StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            string text = Normalized(File.ReadAllText(path));
            problems.AddRange(Problems(name, text).Select(p => $"{Environment.NewLine}  {path}: {p}"));
            files[name] = text;
        }

        return problems.Count == 0
            ? new PromptSet(files)
            : throw new RlaifInputException($"The prompts cannot be used:{string.Concat(problems)}");
    }

    /// <summary>The text of a prompt with its placeholders filled; what is filled in is never searched for placeholders.</summary>
    /// <exception cref="KeyNotFoundException">A placeholder has no value, or there is no such prompt.</exception>
    internal string Fill(string name, params (string Name, string Value)[] values)
    {
        Dictionary<string, string> byName = values.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
        return Placeholder.Replace(Body(_files[name]), m => byName[m.Groups["name"].Value]);
    }

    /// <summary>The first name with a short hash of the texts of all, for example <c>manager@1f0c9a5b</c>.</summary>
    internal string Version(params IEnumerable<string> names)
    {
        string[] all = [.. names];
        return $"{all[0]}@{ContentId.Sha256(string.Join('\0', all.Select(n => _files[n])))[..ShortHash]}";
    }

    private static IEnumerable<string> Problems(string name, string text)
    {
        if (!Default._files.TryGetValue(name, out string? original))
        {
            yield return $"there is no prompt of that name; allowed are {string.Join(", ", Default.Names)}.";
            yield break;
        }

        if (!VersionLine.IsMatch(text.Split('\n')[0]))
        {
            yield return "line 1 must be 'version: N', N from 1 to 999999.";
        }
        else if (Body(text).Length == 0)
        {
            yield return "there is no text after the version.";
        }

        string[] missing = [.. Placeholders(original).Except(Placeholders(text))];
        string[] unknown = [.. Placeholders(text).Except(Placeholders(original))];
        if (missing.Length > 0)
        {
            yield return $"missing {string.Join(", ", missing)}.";
        }

        if (unknown.Length > 0)
        {
            yield return $"unknown {string.Join(", ", unknown)}.";
        }
    }

    private static IEnumerable<string> Placeholders(string text) => Placeholder.Matches(text).Select(m => m.Value).Distinct();

    private static string Body(string text) => text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..].Trim();

    private static string Normalized(string text) => $"{text.ReplaceLineEndings("\n").Trim()}\n";

    private static SortedDictionary<string, string> ReadEmbedded()
    {
        Assembly assembly = typeof(PromptSet).Assembly;
        string prefix = $"{typeof(PromptSet).Namespace}.";
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (
            string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            files[resource[prefix.Length..^Extension.Length]] = Normalized(reader.ReadToEnd());
        }

        return files;
    }
}
