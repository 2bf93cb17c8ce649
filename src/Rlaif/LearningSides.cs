using Rlaif.Preferences;

namespace Rlaif;

/// <summary>The pairs of one training run by use.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Stopping">Later ones that decide when to stop; may be empty.</param>
/// <param name="Validation">The latest, which nothing is fitted to, unfiltered by margin.</param>
internal sealed record LearningSides(PreferenceDataset Train, PreferenceDataset Stopping, PreferenceDataset Validation);
