namespace Rlaif.Decisions.Llm;

/// <summary>For what a language model is asked; each role may have a model of its own.</summary>
public enum ModelRole
{
    /// <summary>Filings analyst.</summary>
    Fundamental,

    /// <summary>News analyst.</summary>
    Sentiment,

    /// <summary>Price analyst.</summary>
    Technical,

    /// <summary>Risk analyst.</summary>
    Risk,

    /// <summary>Researcher who argues for buying.</summary>
    Bull,

    /// <summary>Researcher who argues for selling.</summary>
    Bear,

    /// <summary>The manager, who writes the candidates.</summary>
    Manager,

    /// <summary>Writes lessons after settlement.</summary>
    Reflection,

    /// <summary>Compares the reasoning of two candidates.</summary>
    Judge,
}
