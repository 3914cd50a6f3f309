using L4Lb.Engine.Desired;
using L4Lb.Engine.Health.Gates;

namespace L4Lb.Engine.Tests.Health.Gates;

public sealed class SuccessRatesTests
{
    private static readonly OutlierSpec s_spec = new()
    {
        SuccessRateDeviations = 1.9,
        SuccessRateMinimumConnects = 100,
        SuccessRateMinimumBackends = 5,
    };

    /// <summary>Envoy's unit test of the threshold: mean 92 %, deviation 16 %, factor 1.9, threshold 61.6 %.</summary>
    [Fact]
    public void The_threshold_is_Envoys()
    {
        ConnectVolume[] connects = [Rate(100), Rate(100), Rate(100), Rate(100), Rate(60)];

        var (outliers, threshold) = SuccessRates.Judge(s_spec, connects);

        Assert.Equal(0.616, threshold, precision: 9);
        Assert.Equal([4], outliers);
    }

    [Fact]
    public void Nobody_is_an_outlier_among_equals() =>
        Assert.Empty(SuccessRates.Judge(s_spec, [.. Enumerable.Repeat(Rate(40), 8)]).Outliers);

    [Fact]
    public void The_worst_comes_first()
    {
        ConnectVolume[] connects = [Rate(20), .. Enumerable.Repeat(Rate(100), 20), Rate(10)];

        Assert.Equal([21, 0], SuccessRates.Judge(s_spec, connects).Outliers);
    }

    [Fact]
    public void Who_had_too_few_connects_neither_counts_nor_is_judged()
    {
        ConnectVolume[] few = [Rate(100), Rate(100), Rate(100), Rate(100), new(0, 99)];

        Assert.Empty(SuccessRates.Judge(s_spec, few).Outliers);
        Assert.Equal([4], SuccessRates.Judge(s_spec, [.. few[..4], new(0, 100)]).Outliers);
    }

    [Fact]
    public void Without_a_factor_rates_are_not_compared() => Assert.Empty(
        SuccessRates.Judge(s_spec with { SuccessRateDeviations = 0 }, [.. Enumerable.Repeat(Rate(100), 9), Rate(0)]).Outliers);

    private static ConnectVolume Rate(int percent) => new(2 * percent, 2 * (100 - percent));
}
