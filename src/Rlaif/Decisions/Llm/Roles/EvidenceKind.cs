namespace Rlaif.Decisions.Llm.Roles;

/// <summary>What a piece of evidence is.</summary>
internal enum EvidenceKind
{
    /// <summary>Computed from prices, volumes and filings: <c>[F1]</c>.</summary>
    Fact,

    /// <summary>A headline: <c>[H1]</c>.</summary>
    Headline,

    /// <summary>A passage of a document: <c>[D1]</c>.</summary>
    Document,

    /// <summary>A lesson of an earlier outcome: <c>[L1]</c>.</summary>
    Lesson,
}
