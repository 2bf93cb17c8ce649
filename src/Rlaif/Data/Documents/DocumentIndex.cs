#pragma warning disable CA1822, CS9113 // to be written
using Rlaif.Data.Text;

namespace Rlaif.Data.Documents;

/// <summary>
/// Finds passages by words (BM25) and by meaning (embeddings). A search at a moment sees only what was known then, in its ranking too:
/// documents added later change no earlier result.
/// </summary>
public sealed class DocumentIndex : IDisposable
{
    /// <summary>Indexes documents.</summary>
    public static DocumentIndex Build(IEnumerable<Document> documents, ITextEncoder encoder) => throw new NotSupportedException();

    /// <summary>The best passages about a symbol (or about all symbols) that were known at a moment, best first.</summary>
    public IReadOnlyList<DocumentPassage> Search(string symbol, DateTimeOffset asOf, string query, int count) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() { }
}
