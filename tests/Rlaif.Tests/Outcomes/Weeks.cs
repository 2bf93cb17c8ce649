using Rlaif.Data;
using static Rlaif.Tests.Outcomes.Given;

namespace Rlaif.Tests.Outcomes;

/// <summary>Small weeks of prices whose results can be worked out in the head.</summary>
internal static class Weeks
{
    public const string MondayMorning = "2024-01-08T08:00:00Z";

    /// <summary>Monday 8 to Friday 12 January 2024: from 100 up to 110.</summary>
    public static readonly Bar[] Rising =
    [
        Bar("01-08", 100, 102, 99, 101),
        Bar("01-09", 101, 103, 100, 102),
        Bar("01-10", 102, 104, 101, 103),
        Bar("01-11", 103, 105, 102, 104),
        Bar("01-12", 104, 111, 103, 110),
    ];

    /// <summary>The same week from 100 down to 90.</summary>
    public static readonly Bar[] Falling =
    [
        Bar("01-08", 100, 101, 98, 99),
        Bar("01-09", 99, 100, 97, 98),
        Bar("01-10", 98, 99, 96, 97),
        Bar("01-11", 97, 98, 95, 96),
        Bar("01-12", 96, 97, 89, 90),
    ];

    /// <summary>From 400 with a 4:1 split before Wednesday's open to 110.</summary>
    public static readonly Bar[] SplitWeek =
    [
        Bar("01-08", 400, 408, 396, 404),
        Bar("01-09", 404, 412, 400, 408),
        Bar("01-10", 102, 104, 101, 103),
        Bar("01-11", 103, 105, 102, 104),
        Bar("01-12", 104, 111, 103, 110),
    ];
}
