using Rlaif.Data.Documents;

namespace Rlaif.Tests.Data.Documents;

public sealed class DocumentTimeTests
{
    [Theory]
    [InlineData("2025-01-02", "2025-01-02T23:59:59.9999999")]
    [InlineData("20250102", "2025-01-02T23:59:59.9999999")]
    [InlineData("2025-01-02 00:00:00", "2025-01-02T23:59:59.9999999")]
    [InlineData("2025-01-02T00:00:00Z", "2025-01-02T23:59:59.9999999")]
    [InlineData("2025-01-02 00:00:00 UTC", "2025-01-02T23:59:59.9999999")]
    [InlineData("2025-01-02 00:00:00-04:00", "2025-01-03T03:59:59.9999999")]
    [InlineData("20250102T000000-0400", "2025-01-03T03:59:59.9999999")]
    [InlineData("1735776000", "2025-01-02T23:59:59.9999999")]
    [InlineData("9999-12-31", "9999-12-31T23:59:59.9999999")]
    public void TryParse_DayWithoutATime_IsKnownAtItsEnd(string text, string expected) => AssertTime(expected, text);

    [Theory]
    [InlineData(" 2025-01-02T14:30:00Z ", "2025-01-02T14:30:00.0000000")]
    [InlineData("2025-01-02T00:00:01Z", "2025-01-02T00:00:01.0000000")]
    [InlineData("2025-01-02 09:30:00-05:00", "2025-01-02T14:30:00.0000000")]
    [InlineData("2025-01-02 09:30:00.123456+00:00", "2025-01-02T09:30:00.1234560")]
    [InlineData("2025-01-02 09:30:00 gmt", "2025-01-02T09:30:00.0000000")]
    [InlineData("1735828200", "2025-01-02T14:30:00.0000000")]
    [InlineData("1735828200500", "2025-01-02T14:30:00.5000000")]
    public void TryParse_Instant_IsThatInstant(string text, string expected) => AssertTime(expected, text);

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("2025-01-02 09:30:00")]
    [InlineData("01/02/2025")]
    [InlineData("12345678901")]
    [InlineData("99999999999999999999")]
    [InlineData("0001-01-01T10:00:00+14:00")]
    [InlineData("9999-12-31T23:00:00-05:00")]
    [InlineData("9999-12-31T00:00:00-05:00")]
    public void TryParse_AmbiguousOrBroken_IsRefused(string text) => Assert.False(DocumentTime.TryParse(text, false, out _));

    [Fact]
    public void TryParse_ClockOfAFieldThatIsUtc_IsThatInstant()
    {
        Assert.True(DocumentTime.TryParse("2025-01-02 09:30:00", isUtc: true, out DateTimeOffset time));
        Assert.Equal(new DateTimeOffset(2025, 1, 2, 9, 30, 0, TimeSpan.Zero), time);
    }

    private static void AssertTime(string expected, string text)
    {
        Assert.True(DocumentTime.TryParse(text, isUtc: false, out DateTimeOffset time));
        Assert.Equal((TimeSpan.Zero, expected), (time.Offset, $"{time:yyyy-MM-ddTHH:mm:ss.fffffff}"));
    }
}
