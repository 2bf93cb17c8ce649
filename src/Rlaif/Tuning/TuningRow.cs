using Rlaif.Outcomes;

namespace Rlaif.Tuning;

/// <summary>One example before it is written in anybody's layout.</summary>
internal sealed record TuningRow
{
    /// <summary>The candidate whose answer is to be learnt from: the chosen one of a pair.</summary>
    internal required SettledCandidate Main { get; init; }

    /// <summary>The system message above <see cref="Prompt"/>.</summary>
    internal required string System { get; init; }

    /// <summary>The question that <see cref="Answer"/> answers.</summary>
    internal required string Prompt { get; init; }

    /// <summary>The answer: the better one of a pair.</summary>
    internal required string Answer { get; init; }

    /// <summary>The worse answer of a pair; else null.</summary>
    internal string? Rejected { get; init; }

    /// <summary>The question that <see cref="Rejected"/> answers; equal to <see cref="Prompt"/> within a context.</summary>
    internal string RejectedPrompt { get; init; } = "";

    /// <summary>The system message above <see cref="RejectedPrompt"/>.</summary>
    internal string RejectedSystem { get; init; } = "";

    /// <summary>Whether the texts are those that a language model was given and answered, rather than rendered from the records.</summary>
    internal bool AsSaid { get; init; }

    /// <summary>Whether the message that told the candidates of the context apart was left out of the prompt.</summary>
    internal bool VariationLeftOut { get; init; }

    /// <summary>Whether the answer was good; for KTO.</summary>
    internal bool Label { get; init; }

    /// <summary>By how much the better answer should win, in units of reward; for reward data.</summary>
    internal double Margin { get; init; }

    /// <summary>When the outcomes behind the row were known, UTC.</summary>
    internal required DateTimeOffset KnownAt { get; init; }

    /// <summary>Higher rows are kept when there are too many.</summary>
    internal required double Priority { get; init; }

    /// <summary>Orders rows of one moment; unique.</summary>
    internal required string Key { get; init; }

    internal bool HasOnePrompt => Rejected is null || (Prompt == RejectedPrompt && System == RejectedSystem);
}
