using Rlaif.Core;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class SharpeDifferenceTests
{
    private static readonly double[] First = [.. Enumerable.Range(1, 120).Select(t => 0.0010 + (0.010 * Math.Sin(1.3 * t)))];

    private static readonly double[] Second =
    [
        .. Enumerable.Range(1, 120).Select(t => 0.0005 + (0.010 * Math.Sin((1.3 * t) + 0.4)) + (0.002 * Math.Cos(2.1 * t))),
    ];

    [Fact]
    public void Memmel_ReferenceSeries_GivesTheReferenceValues()
    {
        SharpeDifference difference = SharpeDifference.Memmel(First, Second)!;
        Assert.Equal(0.139217903735, difference.First, 1e-11);
        Assert.Equal(0.064496425517, difference.Second, 1e-11);
        Assert.Equal(0.040597106737, difference.StandardError, 1e-11);
        Assert.Equal(1.840561661, difference.Statistic, 1e-8);
    }

    [Fact]
    public void LedoitWolf_ReferenceSeries_GivesTheReferenceValues()
    {
        SharpeDifference difference = SharpeDifference.LedoitWolf(First, Second)!;
        Assert.Equal(0.040484365193, difference.StandardError, 1e-11);
        Assert.Equal(1.845687288, difference.Statistic, 1e-8);
        Assert.Equal(0.064937624, difference.PValue, 1e-8);
    }

    [Fact]
    public void LedoitWolfHac_ReferenceSeries_GivesTheReferenceValues()
    {
        (double alpha, double bandwidth) = SharpeDifference.BandwidthOf(First, Second);
        // The squares of small returns are nearly collinear with the intercept, which costs the reference its last digits.
        Assert.Equal(0.876780706749, alpha, 1e-9);
        Assert.Equal(6.753433047, bandwidth, 1e-8);
        SharpeDifference difference = SharpeDifference.LedoitWolfHac(First, Second)!;
        Assert.Equal(0.012402478326, difference.StandardError, 1e-11);
        Assert.Equal(6.024721532, difference.Statistic, 1e-7);
    }

    [Fact]
    public void LedoitWolf_IndependentNormalSeries_AgreesWithMemmel()
    {
        var random = new DeterministicRandom(3);
        double[] a = [.. Enumerable.Range(0, 5000).Select(_ => 0.001 + (0.01 * random.NextGaussian()))];
        double[] b = [.. a.Select(r => (0.5 * r) + (0.01 * random.NextGaussian()))];
        double memmel = SharpeDifference.Memmel(a, b)!.StandardError;
        Assert.Equal(memmel, SharpeDifference.LedoitWolf(a, b)!.StandardError, 0.03 * memmel);
        Assert.Equal(memmel, SharpeDifference.LedoitWolfHac(a, b)!.StandardError, 0.08 * memmel);
    }

    [Fact]
    public void All_SeriesThatDoNotVaryOrAreShort_AreNull()
    {
        double[] flat = [.01, .01, .01, .01, .01, .01, .01];
        Assert.Null(SharpeDifference.Memmel(flat, First[..7]));
        Assert.Null(SharpeDifference.LedoitWolf(First[..7], flat));
        Assert.Null(SharpeDifference.LedoitWolfHac(First[..5], Second[..5]));
        Assert.Null(SharpeDifference.LedoitWolf([], []));
        Assert.Throws<ArgumentException>(() => SharpeDifference.Memmel(First, Second[..7]));
    }
}
