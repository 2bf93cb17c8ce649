using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>Which evidence a reply may cite.</summary>
internal sealed class Citations
{
    private const char Tool = 'T';

    private static readonly Regex Id = new("[FHDLRT][0-9]{1,4}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    // One id or a list of them in square brackets; anything else in brackets is no citation.
    private static readonly Regex InText = new(
        $@"\[\s*{Id}(?:\s*[,;]\s*{Id})*\s*\]",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    private readonly HashSet<string> _known;
    private readonly HashSet<string> _withheld;

    /// <summary>Names what was shown and what of it was to be disregarded.</summary>
    internal Citations(IEnumerable<string> shown, IEnumerable<string>? withheld = null)
    {
        _known = new HashSet<string>(shown, StringComparer.Ordinal);
        _withheld = new HashSet<string>(withheld ?? [], StringComparer.Ordinal);
    }

    /// <summary>Those that allow whatever a text cites.</summary>
    internal static Citations Of(string text) => new(IdsOf(text));

    /// <summary>What was shown.</summary>
    internal IReadOnlySet<string> Ids => _known;

    /// <summary>Adds what is shown later: the result of a tool, the evidence of others.</summary>
    internal void Show(string id) => _known.Add(id);

    /// <summary>The id of a tool's result, numbered from 1 for each who asks.</summary>
    internal static string ToolId(int number) => $"{Tool}{number}";

    /// <summary>What is wrong with citing an id; null when it may be cited.</summary>
    internal string? Problem(string id) =>
        _withheld.Contains(id) ? "was to be disregarded"
        : _known.Contains(id) ? null
        : "is not in the evidence that was shown";

    /// <summary>A text as others may read it: of the ids it cites those are left that others can look up.</summary>
    internal static string Shared(string text, Func<string, bool> isShared) =>
        InText.Replace(
            text,
            match =>
            {
                string[] ids = [.. IdsOf(match.Value)];
                string[] shared = [.. ids.Where(isShared)];
                return shared.Length == ids.Length ? match.Value
                    : shared.Length == 0 ? "(own tool)"
                    : $"[{string.Join(", ", shared)}]";
            }
        );

    /// <summary>The ids in square brackets of a text, in its order.</summary>
    internal static IEnumerable<string> In(string text) => InText.Matches(text).SelectMany(m => IdsOf(m.Value));

    private static IEnumerable<string> IdsOf(string list) => Id.Matches(list).Select(m => m.Value);
}
