using System.Text.Json.Nodes;
using Rlaif.Rewards;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>What the gate says of a challenger.</summary>
/// <param name="Champion">The version it was held against; null when there is none.</param>
/// <param name="Criteria">Each condition with its numbers.</param>
internal sealed record PromotionTrial(string? Champion, IReadOnlyList<PromotionCriterion> Criteria)
{
    /// <summary>Whether every criterion is met.</summary>
    public bool Passed => Criteria.All(c => c.Passed);

    /// <summary>Puts a challenger before the gate.</summary>
    /// <param name="validation">What the challenger, which is not champion, showed in its training.</param>
    /// <param name="champion">The version that guides decisions now; null when there is none.</param>
    /// <param name="compareWith">Compares the challenger with the champion, should there be one.</param>
    public static async Task<PromotionTrial> RunAsync(
        JsonObject? validation,
        string? champion,
        Func<string, Task<ModelComparison?>> compareWith
    )
    {
        ModelComparison? comparison = null;
        string? obstacle = null;
        try
        {
            comparison = champion is null ? null : await compareWith(champion);
        }
        catch (Exception e) when (e is RlaifInputException or NotEnoughDataException)
        {
            // A champion that can no longer score, or nothing to score: the criterion fails and says why. Only that way --force still works.
            obstacle = e.Message;
        }

        return new PromotionTrial(champion, PromotionGate.Judge(validation, champion, comparison, obstacle));
    }

    /// <summary>One line a criterion.</summary>
    public void Show(IAnsiConsole console)
    {
        foreach (PromotionCriterion criterion in Criteria)
        {
            console.WriteLine($"  {(criterion.Passed ? "pass" : "FAIL")}  {criterion.Text}");
        }
    }
}
