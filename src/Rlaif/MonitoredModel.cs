using Rlaif.Rewards;

namespace Rlaif;

/// <summary>A model in use, with what is known of it from its training.</summary>
/// <param name="Model">The model.</param>
/// <param name="TrainedAt">When it was trained, UTC. Taken for the end of what it was fitted to where it is later than the moment of looking.</param>
public sealed record MonitoredModel(RewardModel Model, DateTimeOffset TrainedAt)
{
    /// <summary>The champion before it, to which a rollback returns; null when there is none.</summary>
    public RewardModel? Previous { get; init; }

    /// <summary>
    /// The last decision date of the validation side of its training; null when it is not known, and decisions of that side count as later ones. The model was
    /// chosen for its figures there, so they say nothing new, and would be compared with themselves.
    /// </summary>
    public DateOnly? LastValidationDate { get; init; }

    /// <summary>Its accuracy on the validation side of its training, with the ends of the 95% interval; null when it is not known.</summary>
    public (double Accuracy, double Lower, double Upper)? AtTraining { get; init; }
}
