using Rlaif.Decisions;

namespace Rlaif.Cli;

/// <summary>Decisions dated before a model's knowledge cutoff: the model may remember what came after.</summary>
internal static class BeforeCutoff
{
    /// <summary>How many decisions are dated before the cutoff of one of their models.</summary>
    public static int Count(IReadOnlyList<DecidedContext> decided) =>
        decided.Count(d => d.Proposal.Context.Conditions?.BeforeCutoff == true);

    /// <summary>Says so when there are any, or when it cannot be known.</summary>
    public static void Warn(Output output, IReadOnlyList<DecidedContext> decided)
    {
        AgentConditions[] conditions = [.. decided.Select(d => d.Proposal.Context.Conditions).OfType<AgentConditions>()];
        int before = conditions.Count(c => c.BeforeCutoff == true);
        int unknown = conditions.Count(c => c.BeforeCutoff is null);
        string advice = conditions.Any(c => !c.Masked) ? " Masking (--mask) makes that harder, it does not rule it out." : "";
        if (before > 0)
        {
            output.Warn(
                $"{before} of {decided.Count} decisions are dated before the knowledge cutoff of a model that took part: it may remember what came after, so what they earned says little.{advice}"
            );
        }

        if (unknown > 0)
        {
            output.Warn(
                $"for {unknown} of {decided.Count} decisions the knowledge cutoff of a model is not known (models:ROLE:knowledge_cutoff): it may remember what came after.{advice}"
            );
        }
    }
}
