namespace Rlaif.Validation;

/// <summary>How far one market feature has moved from where it lay in training.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Psi">
/// Population stability index over the training deciles and the missing values: sum of (recent - training share) * ln(recent / training); 0 when
/// nothing moved.
/// </param>
/// <param name="Noise">
/// What the index stays below when nothing moved: the sampling noise of as many independent contexts, and the largest index of any stretch of the
/// training time as long as the recent one, whichever is larger.
/// </param>
/// <param name="IsBeyondNoise">Whether the index is above it, and the drift that was found as a whole is not there without this feature and those before it.</param>
public sealed record FeatureDrift(string Name, double Psi, double Noise, bool IsBeyondNoise);
