using CsCheck;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class LabelWindowTests
{
    private static readonly Gen<LabelWindow> AnyWindow = Gen.Select(
        Gen.Int[0, 60],
        Gen.Int[0, 15],
        (from, length) => Window(from, from + length)
    );

    private static LabelWindow Window(int from, int to) => new(Hour(from), Hour(to));

    private static DateTimeOffset Hour(int hour) => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour);

    [Fact]
    public void Overlaps_AnyTwoWindows_EqualsSearchForASharedHour() =>
        Gen.Select(AnyWindow, AnyWindow)
            .Sample(
                (a, b) =>
                {
                    bool shared = Enumerable.Range(0, 80).Any(h => Covers(a, Hour(h)) && Covers(b, Hour(h)));
                    return a.Overlaps(b) == shared && b.Overlaps(a) == shared;
                }
            );

    [Fact]
    public void Span_AnyWindows_IsTheEarliestStartToTheLatestEnd() =>
        AnyWindow
            .Array[1, 12]
            .Sample(windows => LabelWindow.Span(windows) == new LabelWindow(windows.Min(w => w.From), windows.Max(w => w.To)));

    // Taking the end of the first label as the start of the span, as one public implementation does, lets this label through.
    [Fact]
    public void Span_TrainLabelInsideTheFirstTestLabelOnly_IsStillTouched()
    {
        LabelWindow[] test = [Window(10, 14), Window(12, 16), Window(14, 18)];
        LabelWindow train = Window(8, 11);
        Assert.True(train.Overlaps(LabelWindow.Span(test)));
        Assert.False(train.Overlaps(new LabelWindow(Hour(14), Hour(18))));
    }

    [Fact]
    public void Span_NoWindows_Throws() => Assert.Throws<ArgumentException>(() => LabelWindow.Span([]));

    private static bool Covers(LabelWindow window, DateTimeOffset moment) => moment >= window.From && moment <= window.To;
}
