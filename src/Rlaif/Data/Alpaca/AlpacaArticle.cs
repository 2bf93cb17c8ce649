namespace Rlaif.Data.Alpaca;

/// <summary>A news article as it is now. All of its text is untrusted.</summary>
public sealed record AlpacaArticle
{
    /// <summary>Alpaca's number of the article.</summary>
    public required long Id { get; init; }

    /// <summary>Headline.</summary>
    public required string Headline { get; init; }

    /// <summary>Beginning or abstract; may be empty.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Body, which may hold HTML; may be empty.</summary>
    public string Content { get; init; } = "";

    /// <summary>Who published it.</summary>
    public string Source { get; init; } = "";

    /// <summary>First published, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The instruments it concerns.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = [];

    /// <summary>When it can have been known: its last change, because earlier versions of its text are not given.</summary>
    public DateTimeOffset KnownAt => UpdatedAt > CreatedAt ? UpdatedAt : CreatedAt;
}
