using System.Collections.Frozen;

namespace Rlaif.Data.Text.WordPiece;

/// <summary>The tokens of a model and how texts are cut into them.</summary>
internal sealed record WordPieceVocabulary
{
    /// <summary>Every token with its number; the numbers are 0 to <see cref="Count"/> - 1.</summary>
    public required FrozenDictionary<string, int> Tokens { get; init; }

    /// <summary>Stands for words that cannot be cut into tokens.</summary>
    public required string Unknown { get; init; }

    /// <summary>Begins every token that continues a word.</summary>
    public string ContinuingPrefix { get; init; } = "##";

    /// <summary>Words with more characters are unknown.</summary>
    public int MaxCharactersPerWord { get; init; } = 100;

    /// <summary>How texts are cleaned first; null for not at all.</summary>
    public BertNormalizer? Normalizer { get; init; } = new();

    /// <summary>Tokens that are found in the text as it is, whatever stands around them.</summary>
    public IReadOnlyList<string> RawTokens { get; init; } = [];

    /// <summary>Tokens that are found in the cleaned text, as they look when they are cleaned themselves, with their numbers.</summary>
    public IReadOnlyDictionary<string, int> CleanedTokens { get; init; } = new Dictionary<string, int>();

    /// <summary>What a transformer reads before and after a text; null when the files name none.</summary>
    public (string Begin, string End)? Frame { get; init; }

    /// <summary>Tokens.</summary>
    public int Count => Tokens.Count;

    /// <summary>Number of the unknown token.</summary>
    public int UnknownId => Tokens[Unknown];

    /// <summary>Numbers of what stands before and after a text.</summary>
    /// <exception cref="InvalidDataException">The files name none.</exception>
    public (int Begin, int End) FrameIds =>
        Frame is { } frame
            ? (Tokens[frame.Begin], Tokens[frame.End])
            : throw new InvalidDataException("it names no tokens that stand before and after a text (post_processor)");

    /// <summary>This vocabulary, when it has every token that it speaks of and its numbers have no gaps.</summary>
    /// <exception cref="InvalidDataException">It has not.</exception>
    public WordPieceVocabulary Checked()
    {
        string?[] needed = [Unknown, Frame?.Begin, Frame?.End];
        if (needed.FirstOrDefault(t => t is not null && !Tokens.ContainsKey(t)) is { } missing)
        {
            throw new InvalidDataException($"token {missing} is missing from its vocabulary of {Count}");
        }

        int[] ids = [.. Tokens.Values.Order()];
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != i)
            {
                throw new InvalidDataException(
                    $"the numbers of its {Count} tokens are not 0 to {Count - 1}: {ids[i]} where {i} should be"
                );
            }
        }

        return this;
    }
}
