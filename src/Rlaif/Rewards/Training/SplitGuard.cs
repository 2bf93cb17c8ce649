using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Rewards.Training;

/// <summary>Refuses training and early-stopping sets that could leak into one another.</summary>
internal static class SplitGuard
{
    private const int IdsShown = 5;

    /// <summary>Passes when the stopping set shares nothing with the training set and begins after every training outcome was settled.</summary>
    /// <exception cref="RlaifInputException">It does not, or it holds a judge's preferences; the message names the first offending ids.</exception>
    /// <exception cref="NotEnoughDataException">One of the sets has no pairs.</exception>
    public static void RequireSeparate(PreferenceDataset train, PreferenceDataset stopping)
    {
        if (train.Pairs.Count == 0)
        {
            throw new NotEnoughDataException("Training needs pairs to learn from; there are none.");
        }

        if (stopping.Pairs.Count == 0)
        {
            return;
        }

        if (stopping.Pairs.Count(ProcessPreferences.IsProcess) is > 0 and var judged)
        {
            throw new RlaifInputException(
                $"The stopping set holds {judged} preferences of a judge; when to stop is decided by what the market did alone."
            );
        }

        HashSet<string> candidates = [.. stopping.Candidates.Select(s => s.Candidate.CandidateId)];
        Refuse(
            train,
            s => candidates.Contains(s.Candidate.CandidateId),
            s => s.Candidate.CandidateId,
            "candidates are on both sides"
        );
        HashSet<string> contexts = [.. stopping.Candidates.Select(s => s.Context.ContextId)];
        Refuse(train, s => contexts.Contains(s.Context.ContextId), s => s.Context.ContextId, "contexts are on both sides");

        DateTimeOffset first = stopping.Candidates.Min(s => s.Context.AsOf);
        Refuse(
            train,
            s => s.Context.AsOf >= first,
            s => s.Candidate.CandidateId,
            $"training candidates were decided at or after {first:u}, when the stopping set begins; it has to be later"
        );
        Refuse(
            train,
            s => s.Outcome.ExitAt >= first,
            s => s.Candidate.CandidateId,
            $"training candidates were still held at {first:u}, when the stopping set begins; purge them"
        );
    }

    private static void Refuse(
        PreferenceDataset train,
        Func<SettledCandidate, bool> isWrong,
        Func<SettledCandidate, string> id,
        string problem
    )
    {
        string[] wrong = [.. train.Candidates.Where(isWrong).Select(id).Distinct(StringComparer.Ordinal)];
        if (wrong.Length > 0)
        {
            string more = wrong.Length > IdsShown ? $" and {wrong.Length - IdsShown} more" : "";
            throw new RlaifInputException(
                $"The training and stopping sets are not separate: {problem} ({wrong.Length}): {string.Join(", ", wrong.Take(IdsShown))}{more}."
            );
        }
    }
}
