#pragma warning disable CA1822, CS9113 // to be written
using Microsoft.Extensions.AI;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Decisions.Llm.Tools;

/// <summary>The tools of one moment: they read the snapshot and nothing else, so no call can see later data.</summary>
internal sealed class AnalystTools(MarketSnapshot snapshot, Masker masker, DocumentIndex? documents, ManagerOptions options)
{
    /// <summary>What a model is told about them.</summary>
    internal IReadOnlyList<AIFunctionDeclaration> Declarations => [];

    /// <summary>Documents of which a search has shown passages, by id, in ordinal order.</summary>
    internal IReadOnlyList<string> ShownDocuments => [];

    /// <summary>Calls a tool and returns its result as JSON of bounded size; wrong names and arguments give a result that says what is allowed.</summary>
    internal string Execute(string name, IDictionary<string, object?>? arguments) => throw new NotSupportedException();
}
