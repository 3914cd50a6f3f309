using L4Lb.Host.Admin;
using L4Lb.Host.Client.Top;

namespace L4Lb.Host.Tests.Client;

public class ConnectTimesTests
{
    [Fact]
    public void Only_what_came_between_two_answers_counts()
    {
        var before = Answer([16, 1_000_000], [1024, 5]);
        var now = Answer([16, 1_000_000], [1024, 104], [4096, 1]);

        var between = ConnectTimes.Between(before, now);

        Assert.Equal(100, between.Count);
        Assert.Equal(960, between.Quantile(0.5)); // The bucket of 896…1024.
        Assert.Equal(960, between.Quantile(0.99));
        Assert.Equal(3840, between.Quantile(1)); // 3584…4096.
    }

    [Fact]
    public void Without_connects_there_is_no_time() => Assert.Null(ConnectTimes.Between(Answer([64, 3]), Answer([64, 3])).Quantile(0.5));

    [Fact]
    public void From_the_start_all_count() => Assert.Equal(3, ConnectTimes.Between(null, Answer([64, 3])).Count);

    [Fact]
    public void The_bucket_without_a_bound_is_the_slowest() =>
        Assert.Equal(1 << 24, ConnectTimes.Between(null, Answer([64, 1], [-1, 1])).Quantile(0.99));

    // Against the true value: each bucket of the engine's layout tells a duration to an eighth.
    [Theory]
    [InlineData(5, 16)]
    [InlineData(17, 20)]
    [InlineData(31, 32)]
    [InlineData(33, 40)]
    [InlineData(1_000, 1_024)]
    [InlineData(70_000, 81_920)]
    [InlineData(16_000_000, 16_777_216)]
    public void A_time_is_known_to_an_eighth(long micros, long bound)
    {
        var found = ConnectTimes.Between(null, Answer([bound, 1])).Quantile(0.5)!.Value;

        Assert.InRange(Math.Abs(found - micros), 0, Math.Max(micros / 8.0, 8));
    }

    private static DurationAnswer Answer(params long[][] buckets) => new(buckets.Sum(static b => b[1]), 0, null, null, buckets);
}
