namespace Rlaif.Validation;

/// <summary>What a decision may be used for.</summary>
public enum SplitPart
{
    /// <summary>Fitting: weights, scalers, vocabularies.</summary>
    Train,

    /// <summary>Deciding when to stop and how to calibrate; part of the training side in the wider sense.</summary>
    Stopping,

    /// <summary>Measuring; never seen before.</summary>
    Validation,
}
