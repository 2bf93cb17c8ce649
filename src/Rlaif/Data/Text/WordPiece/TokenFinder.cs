using System.Buffers;

namespace Rlaif.Data.Text.WordPiece;

/// <summary>Finds tokens that are written out in a text (such as <c>[SEP]</c>): from the left, of several at one place the longest.</summary>
internal sealed class TokenFinder
{
    private readonly (string Token, int Id)[] _tokens;
    private readonly SearchValues<string>? _any;

    public TokenFinder(IReadOnlyDictionary<string, int> tokens)
    {
        _tokens = [.. tokens.Select(t => (t.Key, t.Value)).OrderByDescending(t => t.Key.Length)];
        _any = _tokens.Length > 0 ? SearchValues.Create([.. tokens.Keys], StringComparison.Ordinal) : null;
    }

    /// <summary>The text in parts: those between the tokens, and the tokens with their numbers.</summary>
    public List<(Range Part, int? Token)> Split(string text)
    {
        var parts = new List<(Range, int?)>();
        int start = 0;
        while (_any is not null && text.AsSpan(start).IndexOfAny(_any) is >= 0 and var offset)
        {
            int at = start + offset;
            (string token, int id) = _tokens.First(t => text.AsSpan(at).StartsWith(t.Token, StringComparison.Ordinal));
            parts.Add((start..at, null));
            parts.Add((at..(at + token.Length), id));
            start = at + token.Length;
        }

        parts.Add((start..text.Length, null));
        return parts;
    }
}
