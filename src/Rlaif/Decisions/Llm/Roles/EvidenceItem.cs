namespace Rlaif.Decisions.Llm.Roles;

/// <summary>One piece of evidence, as every role of the moment sees it.</summary>
/// <param name="Id">Its id in prompts, for example <c>H2</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The line that is shown, masked and safe to quote.</param>
/// <param name="Roles">The analysts to whom it is shown from the start; the manager sees facts, headlines and lessons in any case.</param>
internal sealed record EvidenceItem(string Id, EvidenceKind Kind, string Text, IReadOnlyCollection<AnalystRole> Roles);
