using System.Text.RegularExpressions;

namespace Rlaif.Core;

/// <summary>Takes keys out of texts that a provider or a broker wrote, also where they are echoed in part or masked (<c>sk-ab***yz</c>).</summary>
public sealed partial class SecretScrubber
{
    private const string Mark = "[key]";

    // Shorter pieces are found in ordinary words; shorter keys are placeholders such as "none".
    private const int PieceLength = 8;

    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pieces = new(StringComparer.Ordinal);

    /// <summary>A scrubber of one key.</summary>
    /// <param name="key">The key; null or empty when there is none.</param>
    public SecretScrubber(string? key)
        : this([key]) { }

    /// <summary>A scrubber of several keys.</summary>
    /// <param name="keys">The keys; null and empty ones are left out.</param>
    public SecretScrubber(IEnumerable<string?> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (string key in keys.OfType<string>().Where(k => k.Length > 0))
        {
            _keys.Add(key);
            for (int i = 0; i + PieceLength <= key.Length; i++)
            {
                _pieces.Add(key.Substring(i, PieceLength));
            }
        }
    }

    /// <summary>The text without the keys, without pieces of them, and without anything that looks like a key.</summary>
    public string Scrub(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // The longest first: one may be the beginning of another.
        foreach (string key in _keys.Where(k => k.Length >= PieceLength).OrderByDescending(k => k.Length))
        {
            text = text.Replace(key, Mark, StringComparison.Ordinal);
        }

        text = LooksLikeKey().Replace(text, Mark);
        return Word().Replace(text, word => IsSecret(word.Value) ? Mark : word.Value);
    }

    private bool IsSecret(string word)
    {
        if (_keys.Contains(word))
        {
            return true;
        }

        for (int i = 0; i + PieceLength <= word.Length; i++)
        {
            if (_pieces.Contains(word.Substring(i, PieceLength)))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"[^\s""'`,;:(){}\[\]<>=]+", RegexOptions.None, 1000)]
    private static partial Regex Word();

    // What providers' keys begin with, and anything masked in its middle or end with stars, dots or bullets.
    [GeneratedRegex(
        @"\b(?:sk|pk|rk|xai|gsk|key)-[\w\-.*•…]{4,}|(?i:bearer)\s+[^\s""',;]+|[\w\-]*(?:\*{2,}|•{2,}|…)[\w\-*•…]*|\b[\w\-]{2,}\.{3}[\w\-]{2,}",
        RegexOptions.None,
        1000
    )]
    private static partial Regex LooksLikeKey();
}
