using System.ComponentModel.DataAnnotations;

namespace Rlaif.Decisions.Llm;

/// <summary>What a team of language models is given.</summary>
public sealed record LlmOptions
{
    /// <summary>Whether a bull and a bear researcher join the debate; default false.</summary>
    public bool Researchers { get; init; }

    /// <summary>Whether analysts may call tools; default true.</summary>
    public bool Tools { get; init; } = true;

    /// <summary>Rounds of tool calls that one report may take; 1 to 10, default 3.</summary>
    [Range(1, 10, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int ToolRounds { get; init; } = 3;

    /// <summary>Whether names, tickers, dates and price levels are replaced before a model sees them; default false.</summary>
    public bool Mask { get; init; }

    /// <summary>Whether lessons of earlier outcomes are shown; default false.</summary>
    public bool Memory { get; init; }

    /// <summary>Lessons shown at most; 1 to 20, default 3.</summary>
    [Range(1, 20, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int Lessons { get; init; } = 3;

    /// <summary>Passages of documents shown at most; 0 to 20, default 5.</summary>
    [Range(0, 20, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int Passages { get; init; } = 5;
}
