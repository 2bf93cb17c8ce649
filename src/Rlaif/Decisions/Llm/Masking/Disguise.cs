using System.Globalization;
using System.Text.RegularExpressions;
using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>The replacements of one moment, and the way back. Immutable; safe to use from several threads.</summary>
internal sealed class Disguise
{
    private const string Link = "(link)";
    private const int MaxPasses = 4;
    private const RegexOptions Linear =
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly Regex Links = new(
        @"\b(https?://|www\.)[^\s<>""\)\]]+",
        Linear | RegexOptions.IgnoreCase,
        Regex.InfiniteMatchTimeout
    );

    // What masking writes, in the forms in which models give it back.
    private static readonly Regex Tokens = new(
        @"\b(?<name>(ASSET|INDEX)(-[A-Z]+)?)\b"
            + @"|\b(?<unit>[Dd]ay|[Mm]onth|[Yy]ear|[Dd]ecade) (?<distance>[-+\u2212\u2013][0-9]{1,7}|0)\b"
            + @"|\b(?<unit>Q)(?<distance>[-+\u2212\u2013][0-9]{1,7}|0)\b"
            + @"|\bidx (?<level>-?([0-9]{1,3}(,[0-9]{3}){1,6}|[0-9]{1,20})(\.[0-9]{1,12})?)((?<joint>\s?[-\u2013]\s?|\sto\s)(?<to>([0-9]{1,3}(,[0-9]{3}){1,6}|[0-9]{1,20})(\.[0-9]{1,12})?)\b)?",
        Linear,
        Regex.InfiniteMatchTimeout
    );

    private readonly NeutralNames _neutral;
    private readonly NameFinder _names;
    private readonly RelativeDates _dates;
    private readonly DateFinder _dateFinder;
    private readonly LevelFinder _levels;

    internal Disguise(MarketSnapshot snapshot, IReadOnlyList<string> symbols, string? benchmark)
    {
        _neutral = new NeutralNames(snapshot, symbols, benchmark);
        _names = new NameFinder(_neutral);
        _dates = new RelativeDates(DateOnly.FromDateTime(snapshot.AsOf.UtcDateTime));
        _dateFinder = new DateFinder(_dates);
        Prices = new PriceScale(snapshot);
        _levels = new LevelFinder(Prices);
    }

    internal PriceScale Prices { get; }

    internal string Day(DateTimeOffset at) => _dates.Day(DateOnly.FromDateTime(at.UtcDateTime));

    // A replacement can change what stands around a number. Repeating until nothing changes makes masking idempotent; once is nearly always enough.
    internal string Hide(string text)
    {
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            string masked = MaskedSpan.Apply(text, Spans(text));
            if (masked == text)
            {
                break;
            }

            text = masked;
        }

        return text;
    }

    internal string Restore(string text) =>
        Tokens.Replace(
            text,
            match =>
                match.Groups["name"].Success ? _neutral.Restore(match.Value) ?? match.Value
                : match.Groups["unit"].Success ? RestoreDate(match)
                : RestoreLevel(match, text)
        );

    // What is masked already stays. Where two overlap, the first counts.
    private IEnumerable<MaskedSpan> Spans(string text) =>
        [
            .. Tokens.Matches(text).Select(m => new MaskedSpan(m.Index, m.Length, m.Value)),
            .. Links.Matches(text).Select(m => new MaskedSpan(m.Index, m.Length, Link)),
            .. _names.Find(text),
            .. _dateFinder.Find(text),
            .. _levels.Find(text),
        ];

    private string RestoreDate(Match match)
    {
        string sign = match.Groups["distance"].Value.Replace('\u2212', '-').Replace('\u2013', '-');
        string unit = match.Groups["unit"].Value is "Q" and var q ? q : match.Groups["unit"].Value.ToLowerInvariant();
        return _dates.Restore(unit, int.Parse(sign, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)) ?? match.Value;
    }

    private string RestoreLevel(Match match, string text)
    {
        double level = Number(match.Groups["level"].Value);
        bool isScaled = LevelForms.Magnitude.IsMatch(
            text.AsSpan(match.Index + match.Length, Math.Min(16, text.Length - match.Index - match.Length))
        );
        string restored = Prices.Restore(level, isScaled);
        if (!match.Groups["to"].Success)
        {
            return restored;
        }

        // "idx 95-98" is a range of levels; "idx 95 to 3 analysts" is none.
        double other = Number(match.Groups["to"].Value);
        string second = other >= level / 2 && other <= level * 2 ? Prices.Restore(other, isScaled) : match.Groups["to"].Value;
        return $"{restored}{match.Groups["joint"].Value}{second}";
    }

    private static double Number(string digits) =>
        double.Parse(digits, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
