using Rlaif.Data;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Masking;
using Rlaif.Decisions.Llm.Prompts;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>What all roles share while they work on one moment.</summary>
internal sealed record LlmMoment
{
    /// <summary>The facts.</summary>
    internal required MarketSnapshot Snapshot { get; init; }

    /// <summary>The context for which is asked.</summary>
    internal required string ContextId { get; init; }

    /// <summary>The door to the models.</summary>
    internal required ModelGateway Gateway { get; init; }

    /// <summary>What the team is given.</summary>
    internal required LlmOptions Options { get; init; }

    /// <summary>Limits and seed.</summary>
    internal required ManagerOptions Limits { get; init; }

    /// <summary>The prompts.</summary>
    internal required PromptSet Prompts { get; init; }

    /// <summary>How names, dates and prices are told.</summary>
    internal required Masker Masker { get; init; }

    /// <summary>The evidence.</summary>
    internal required EvidenceBook Evidence { get; init; }

    /// <summary>Shows the debate while it goes on; null for nobody.</summary>
    internal required IProgress<DebateEvent>? Live { get; init; }

    /// <summary>Keeps what is said.</summary>
    internal Scribe Scribe { get; } = new();

    /// <summary>Heads the evidence: where names are replaced, with how to read and write them.</summary>
    internal string FactsTitle => Masker.IsMasking ? $"{Masker.Note}\n\nFacts" : "Facts";

    /// <summary>The moment in words, as prompts tell it.</summary>
    internal string AsOf =>
        Masker.IsMasking
            ? "the close of day 0; dates are given relative to it"
            : $"{Masker.Date(Snapshot.AsOf)} {Snapshot.AsOf.UtcDateTime:HH:mm} UTC";
}
