using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>The tools that one analyst may call while it writes its report.</summary>
/// <param name="Declarations">What the model is told about them.</param>
/// <param name="Execute">Calls one by name and returns its result as JSON of bounded size, whatever the name and the arguments.</param>
/// <param name="EvidenceIds">Ids of evidence that results have shown so far, which nobody else sees.</param>
internal sealed record ToolBox(
    IReadOnlyList<AIFunctionDeclaration> Declarations,
    Func<string, IDictionary<string, object?>?, string> Execute,
    Func<IReadOnlyCollection<string>> EvidenceIds
);
