using System.Text.RegularExpressions;

namespace Rlaif.Core;

/// <summary>Takes a key out of texts that a provider or a broker wrote, also where it is echoed in part or masked (<c>sk-ab***yz</c>).</summary>
internal sealed partial class SecretScrubber
{
    private const string Mark = "[key]";

    // Shorter pieces are found in ordinary words; shorter keys are placeholders such as "none".
    private const int PieceLength = 8;

    private readonly string? _key;
    private readonly HashSet<string> _pieces = new(StringComparer.Ordinal);

    public SecretScrubber(string? key)
    {
        _key = string.IsNullOrEmpty(key) ? null : key;
        for (int i = 0; i + PieceLength <= (_key?.Length ?? 0); i++)
        {
            _pieces.Add(_key!.Substring(i, PieceLength));
        }
    }

    /// <summary>The text without the key, without pieces of it, and without anything that looks like a key.</summary>
    public string Scrub(string text)
    {
        if (_key is { Length: >= PieceLength })
        {
            text = text.Replace(_key, Mark, StringComparison.Ordinal);
        }

        text = LooksLikeKey().Replace(text, Mark);
        return Word().Replace(text, word => IsSecret(word.Value) ? Mark : word.Value);
    }

    private bool IsSecret(string word)
    {
        if (word == _key)
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
