namespace Rlaif.Validation.Reports;

/// <summary>How the ticks of an axis are written.</summary>
public enum PlotUnit
{
    /// <summary>A plain number.</summary>
    Number,

    /// <summary>Whole numbers alone: epochs, counts.</summary>
    Whole,

    /// <summary>A fraction written as percent: 0.05 is 5%.</summary>
    Percent,

    /// <summary>A date: the value is <see cref="DateOnly.DayNumber"/>.</summary>
    Date,
}
