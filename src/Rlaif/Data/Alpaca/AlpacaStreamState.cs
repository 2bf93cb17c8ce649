namespace Rlaif.Data.Alpaca;

/// <summary>What happens to a stream.</summary>
public enum AlpacaStreamState
{
    /// <summary>It is open and subscribed.</summary>
    Opened,

    /// <summary>It broke, or could not be opened; it is opened again after a wait.</summary>
    Lost,

    /// <summary>What was missed while it was lost has been asked for.</summary>
    GapFilled,

    /// <summary>What was missed while it was lost cannot be had.</summary>
    GapOpen,

    /// <summary>A message could not be read and was left out.</summary>
    Unreadable,
}
