using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What a stand-in for a model reads in a prompt.</summary>
internal sealed class BrainView
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.NonBacktracking;

    private static readonly Regex ItemStart = new(@"^\s*\[(?<id>[FHDRL][0-9]{1,4})\] (?<text>.*)$", Options);
    private static readonly Regex AnyId = new(@"\[(?<id>[FHDRL][0-9]{1,4})\]", Options);
    private static readonly Regex NotToCite = new(@"do not cite: (?<ids>.*)$", Options);
    private static readonly Regex Report = new(@"^\s*\[R[0-9]+\] .*?score (?<s>[+-]?[0-9.]+), confidence (?<c>[0-9.]+)", Options);
    private static readonly Regex Standing = new(@"stands at score (?<s>[+-]?[0-9]+\.?[0-9]*)", Options);
    private static readonly Regex Side = new(@"argue for ""(?<side>buy|sell|hold)""", Options);

    private readonly string _question;

    private BrainView(ModelServerRequest request)
    {
        // The system prompt and the model's own replies show examples of ids, not evidence.
        string shown = string.Join('\n', request.Messages.Where(m => m.Role == "user").Select(m => m.Text));
        _question = shown;
        string[] banned = [.. NotToCite.Matches(shown).SelectMany(m => AnyId.Matches(m.Groups["ids"].Value)).Select(Id)];
        Match[] items = ItemStart.Matches(shown).ToArray();
        Items = items
            .Where(m => !banned.Contains(Id(m)))
            .GroupBy(Id)
            .ToDictionary(g => g.Key, g => g.First().Groups["text"].Value, StringComparer.Ordinal);
        string[] ids = items.Length > 0 ? [.. Items.Keys] : [.. AnyId.Matches(shown).Select(Id).Except(banned)];
        Ids = [.. ids.Distinct().Order(StringComparer.Ordinal)];
        ForcedSide = Side.Match(shown) is { Success: true } side ? side.Groups["side"].Value : null;
        OwnScore = Standing.Matches(shown).LastOrDefault() is { } own ? Number(own.Groups["s"].Value) : null;
        Leaning = Weighted(Report.Matches(shown));
    }

    /// <summary>Ids of the evidence that may be cited, in ordinal order.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The first line of each item of evidence that stands on a line of its own.</summary>
    public IReadOnlyDictionary<string, string> Items { get; }

    /// <summary>The action that has to be argued; null when it is free.</summary>
    public string? ForcedSide { get; }

    /// <summary>The score that the asked one gave before; null for none.</summary>
    public double? OwnScore { get; }

    /// <summary>Mean score of the reports by confidence; null without reports.</summary>
    public double? Leaning { get; }

    public static BrainView Of(ModelServerRequest request) => new(request);

    /// <summary>The range of a number that the prompt gives for a property, as in <c>"score": number from -1 (sell) to 1</c>; null for none.</summary>
    public (double Min, double Max)? Range(string property)
    {
        int start = _question.LastIndexOf($"\"{property}\": number ", StringComparison.Ordinal);
        return start < 0 ? null : BrainLimits.Range(_question[start..].Split('\n')[0]);
    }

    /// <summary>A text between tags of the prompt; null when there are none.</summary>
    public string? Tagged(string tag)
    {
        int start = _question.IndexOf($"<{tag}>", StringComparison.Ordinal);
        int end = _question.IndexOf($"</{tag}>", StringComparison.Ordinal);
        return start >= 0 && end > start ? _question[(start + tag.Length + 2)..end] : null;
    }

    private static double? Weighted(MatchCollection reports)
    {
        (double Score, double Weight)[] all =
        [
            .. reports.Select(m => (Number(m.Groups["s"].Value), Number(m.Groups["c"].Value))),
        ];
        double weight = all.Sum(r => r.Weight);
        return weight > 0 ? all.Sum(r => r.Score * r.Weight) / weight : null;
    }

    private static string Id(Match match) => match.Groups["id"].Value;

    private static double Number(string text) => double.Parse(text.TrimEnd('.'), CultureInfo.InvariantCulture);
}
