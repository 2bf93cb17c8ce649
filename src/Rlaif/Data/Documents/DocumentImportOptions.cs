namespace Rlaif.Data.Documents;

/// <summary>What documents are taken to be where their file does not say.</summary>
public sealed record DocumentImportOptions
{
    /// <summary>The symbol of documents that name none; null when they concern all symbols.</summary>
    public string? Symbol { get; init; }

    /// <summary>The type of documents that name none; null takes rows as news and text files as notes.</summary>
    public DocumentKind? Type { get; init; }

    /// <summary>The UTC date of publication of text files that name none, known at its end; null makes such a file a problem.</summary>
    public DateOnly? Date { get; init; }
}
