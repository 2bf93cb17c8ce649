namespace Rlaif;

/// <summary>What to do with the model that guides decisions.</summary>
public enum MonitorAdvice
{
    /// <summary>Nothing speaks against it.</summary>
    Keep,

    /// <summary>Train a new version: the market or its features changed, or there is enough that the model has not seen.</summary>
    Retrain,

    /// <summary>Stop using it: it ranks worse than a coin, or worse than the champion before it.</summary>
    RollBack,
}
