using System.Net.Http.Headers;
using CsCheck;
using Rlaif.Core;

namespace Rlaif.Tests.Core;

public sealed class RetryDelayTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1000, 60)]
    public void BackOff_FailedTries_IsUniformUpToTheDoublingBound(int tries, double seconds)
    {
        Assert.Equal(TimeSpan.Zero, RetryDelay.BackOff(tries, 0));
        Assert.Equal(seconds / 2, RetryDelay.BackOff(tries, 0.5).TotalSeconds, 6);
        Assert.Equal(seconds, RetryDelay.BackOff(tries, 0.999_999_999).TotalSeconds, 3);
    }

    [Theory]
    [InlineData("retry-after", "12", 12.0)]
    [InlineData("retry-after", "0.5", 0.5)]
    [InlineData("retry-after", "-3", 0.0)]
    [InlineData("retry-after", "1e99", 300.0)]
    [InlineData("retry-after", "Mon, 05 Jan 2026 12:01:00 GMT", 60.0)]
    [InlineData("retry-after", "Mon, 05 Jan 2026 11:00:00 GMT", 0.0)]
    [InlineData("retry-after", "Sat, 05 Jan 2036 12:00:00 GMT", 300.0)]
    [InlineData("retry-after-ms", "250", 0.25)]
    [InlineData("retry-after", "soon", null)]
    [InlineData("retry-after", "NaN", null)]
    [InlineData("x-other", "5", null)]
    public void Asked_Header_IsReadAndKeptWithinBounds(string name, string value, double? seconds)
    {
        HttpResponseHeaders headers = new HttpResponseMessage().Headers;
        headers.TryAddWithoutValidation(name, value);
        Assert.Equal(seconds, RetryDelay.Asked(headers, Now)?.TotalSeconds);
    }

    [Fact]
    public void Asked_AnyText_NeverThrows() =>
        Gen.String[Gen.Char[' ', '~'], 0, 30]
            .Sample(text =>
            {
                HttpResponseHeaders headers = new HttpResponseMessage().Headers;
                headers.TryAddWithoutValidation("retry-after", text);
                Assert.InRange(RetryDelay.Asked(headers, Now) ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(5));
            });
}
