namespace Rlaif.Outcomes;

/// <summary>What is held.</summary>
public enum PositionSide
{
    /// <summary>Shares that were bought: gains when the price rises.</summary>
    Long,

    /// <summary>Borrowed shares that were sold: gains when the price falls.</summary>
    Short,
}
