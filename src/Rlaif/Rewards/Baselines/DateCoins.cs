using Rlaif.Preferences;

namespace Rlaif.Rewards.Baselines;

/// <summary>
/// The labels of a control run in which there is nothing to learn: every decision date has a fair coin, and on tails all pairs of that date change
/// sides, on the training, the stopping and the validation side alike. The pairs, their weights and all features stay. Whatever the market
/// does, no function of what was known can tell the coins of the validation dates, so its accuracy there is half in expectation, date by
/// date. Turning the training labels alone would not do: such a model is a fixed function of the features, and where a real effect is strong,
/// even a random function is far from half on true labels. Turning single pairs would not do either: pairs of one date share candidates, so most of
/// the labels would contradict one another and a leak would drown.
/// </summary>
internal static class DateCoins
{
    /// <summary>Turns pairs by the coin of their date; one across dates has the coin of the later.</summary>
    /// <param name="data">Candidates and pairs.</param>
    /// <param name="random">Its seed alone determines the coins, so that a date has the same one wherever it appears.</param>
    public static PreferenceDataset Turn(PreferenceDataset data, DeterministicRandom random)
    {
        return new PreferenceDataset(data.Candidates, data.Pairs.Select(p => IsTails(p) ? Turned(p) : p));

        bool IsTails(PreferencePair pair)
        {
            DateOnly chosen = data.Candidates[data.IndexOf(pair.ChosenId)].Context.Date;
            DateOnly rejected = data.Candidates[data.IndexOf(pair.RejectedId)].Context.Date;
            return random.Fork($"{(chosen > rejected ? chosen : rejected).DayNumber}").NextInt(2) == 1;
        }
    }

    private static PreferencePair Turned(PreferencePair pair) =>
        pair with
        {
            ChosenId = pair.RejectedId,
            RejectedId = pair.ChosenId,
        };
}
