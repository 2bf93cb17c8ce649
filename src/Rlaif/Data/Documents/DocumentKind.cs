namespace Rlaif.Data.Documents;

/// <summary>What a document is.</summary>
public enum DocumentKind
{
    /// <summary>A news item; its title is also a headline of the market snapshot.</summary>
    News,

    /// <summary>A filing or a report of the company.</summary>
    Filing,

    /// <summary>Anything else that the user wants the agents to read.</summary>
    Note,
}
