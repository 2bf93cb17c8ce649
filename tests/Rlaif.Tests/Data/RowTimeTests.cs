using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class RowTimeTests
{
    [Theory]
    [InlineData("2024-01-02", "", "Date 2024-01-02T00:00:00")]
    [InlineData(" 2024/01/02 ", "", "Date 2024-01-02T00:00:00")]
    [InlineData("20240102", "", "Date 2024-01-02T00:00:00")]
    [InlineData("20240102", "093000", "Local 2024-01-02T09:30:00")]
    [InlineData("2024-01-02", "9:30", "Local 2024-01-02T09:30:00")]
    [InlineData("20240102 09:30", "", "Local 2024-01-02T09:30:00")]
    [InlineData("2024-01-02 09:30:15.5", "", "Local 2024-01-02T09:30:15")]
    [InlineData("2024-01-02T14:30:00Z", "", "Instant 2024-01-02T14:30:00")]
    [InlineData("2024-01-02T09:30:00-05:00", "", "Instant 2024-01-02T14:30:00")]
    [InlineData("2024-01-02 23:30:00 -0500", "", "Instant 2024-01-03T04:30:00")]
    [InlineData("2024-01-02 09:30+08", "", "Instant 2024-01-02T01:30:00")]
    public void TryParse_UsualForm_IsUnderstood(string text, string timeOfDay, string expected)
    {
        Assert.True(RowTime.TryParse(text, timeOfDay, out RowTime time));
        Assert.Equal(expected, $"{time.Kind} {time.Value:yyyy-MM-ddTHH:mm:ss}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1/2/2024")]
    [InlineData("02.01.2024")]
    [InlineData("2024-13-01")]
    [InlineData("2024-01-02 25:00")]
    [InlineData("2024-01-02T10:00+99:00")]
    [InlineData("0001-01-01T10:00+14:00")]
    [InlineData("9999-12-31T20:00-14:00")]
    [InlineData("2024-01-02x")]
    [InlineData("null")]
    public void TryParse_AmbiguousOrBroken_IsRefused(string text) => Assert.False(RowTime.TryParse(text, "", out _));
}
