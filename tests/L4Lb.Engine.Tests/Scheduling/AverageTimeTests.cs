using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class AverageTimeTests
{
    [Fact]
    public void The_first_sample_counts_as_it_is_and_later_ones_a_twentieth()
    {
        var average = default(AverageTime);
        Assert.Equal((0f, 0), average.At(123));

        average.Observe(100_000, 10);
        Assert.Equal(100_000f, average.At(10).Micros);

        average.Observe(200_000, 20);
        Assert.Equal(105_000f, average.At(20).Micros, 1f);

        average.Observe(5_000, 30);
        Assert.Equal(100_000f, average.At(30).Micros, 1f);
    }

    [Fact]
    public void Tells_how_long_ago_the_last_sample_was()
    {
        var average = default(AverageTime);
        average.Observe(1, 1_000);

        Assert.Equal(9_000, average.At(10_000).IdleMs);
    }
}
