using L4Lb.Host.Admin;
using L4Lb.Host.Client.Top;

namespace L4Lb.Host.Tests.Client;

public class ConnectTimesTests
{
    [Fact]
    public void Only_what_came_between_two_answers_counts()
    {
        var before = Answer([16, 1_000_000, 0], [1024, 5, 896]);
        var now = Answer([16, 1_000_000, 0], [1024, 104, 896], [4096, 1, 3584]);

        var between = ConnectTimes.Between(before, now);

        Assert.Equal(100, between.Count);
        Assert.Equal(960, between.Quantile(0.5));
        Assert.Equal(960, between.Quantile(0.99));
        Assert.Equal(3840, between.Quantile(1));
    }

    [Fact]
    public void Without_connects_there_is_no_time() => Assert.Null(ConnectTimes.Between(Answer([64, 3, 56]), Answer([64, 3, 56])).Quantile(0.5));

    [Fact]
    public void From_the_start_all_count() => Assert.Equal(3, ConnectTimes.Between(null, Answer([64, 3, 56])).Count);

    [Fact]
    public void The_bucket_without_a_bound_is_the_slowest() =>
        Assert.Equal(1 << 24, ConnectTimes.Between(null, Answer([64, 1, 56], [-1, 1, 1 << 24])).Quantile(0.99));

    [Theory]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(1_000)]
    [InlineData(70_000)]
    [InlineData(16_000_000)]
    public void The_bounds_are_those_of_the_answer_whatever_their_layout(long micros)
    {
        var (start, end) = (micros - (micros / 7), micros + (micros / 9) + 1);

        Assert.Equal((start + end) / 2.0, ConnectTimes.Between(null, Answer([end, 1, start])).Quantile(0.5));
    }

    private static DurationAnswer Answer(params long[][] buckets) => new(buckets.Sum(static b => b[1]), 0, null, null, buckets);
}
