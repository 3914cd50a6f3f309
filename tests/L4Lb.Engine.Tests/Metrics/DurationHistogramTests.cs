using L4Lb.Engine.Metrics;

namespace L4Lb.Engine.Tests.Metrics;

public sealed class DurationHistogramTests
{
    [Fact]
    public void Every_duration_is_in_the_one_bucket_that_it_is_shorter_than_the_end_of()
    {
        for (long micros = 0; micros < 40_000_000; micros += 1 + (micros / 97))
        {
            var bucket = DurationBuckets.IndexOf(micros);

            Assert.True(DurationBuckets.EndOf(bucket) is not { } end || micros < end, $"{micros} µs in bucket {bucket}");
            Assert.True(bucket == 0 || micros >= DurationBuckets.EndOf(bucket - 1), $"{micros} µs in bucket {bucket}");
        }
    }

    [Fact]
    public void A_bucket_is_at_most_a_quarter_of_its_beginning_wide()
    {
        for (var bucket = 1; bucket < DurationCounters.Buckets - 1; bucket++)
        {
            var (begin, end) = (DurationBuckets.EndOf(bucket - 1)!.Value, DurationBuckets.EndOf(bucket)!.Value);
            Assert.InRange(end - begin, 1, begin / 4);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void A_quantile_is_known_to_an_eighth(double quantile)
    {
        var random = new Random(7);
        var durations = Enumerable.Range(0, 10_000).Select(_ => (long)Math.Exp(random.NextDouble() * 15)).ToArray();

        var histogram = Of(durations);

        Array.Sort(durations);
        double exact = durations[(int)Math.Ceiling(quantile * durations.Length) - 1];
        Assert.InRange(histogram.Quantile(quantile)!.Value.TotalMicroseconds / exact, 1 - 0.125, 1 + 0.125);
        Assert.Equal((durations.Length, durations.Sum()), (histogram.Count, histogram.SumMicros));
    }

    [Fact]
    public void What_came_since_is_as_many_and_took_as_long()
    {
        var counters = new DurationCounters();
        foreach (var micros in new[] { 3, 100, 101, 30_000_000 })
        {
            counters.Add(micros);
        }

        var before = new DurationHistogram([counters]);
        foreach (var micros in new[] { 5, 100, 110, 40_000_000 })
        {
            counters.Add(micros);
        }

        var now = new DurationHistogram([counters]);
        Assert.Equal([new(5, 1), new(105, 2), new(40_000_000, 1)], now.Since(before));
        Assert.Equal([new(4, 2), new(102.75, 4), new(35_000_000, 2)], now.Since(null));
        Assert.Empty(now.Since(now));
    }

    [Fact]
    public void Shards_are_added_up()
    {
        var (one, other) = (new DurationCounters(), new DurationCounters());
        one.Add(10);
        other.Add(12);
        other.Add(30_000_000);

        var histogram = new DurationHistogram([one, other]);

        Assert.Equal([new DurationBucket(0, 16, 2, 22), new DurationBucket(1 << 24, null, 1, 30_000_000)], histogram.Buckets);
    }

    [Fact]
    public void Of_nothing_there_is_no_quantile() => Assert.Null(Of([]).Quantile(0.5));

    private static DurationHistogram Of(long[] durations)
    {
        var counters = new DurationCounters();
        foreach (var micros in durations)
        {
            counters.Add(micros);
        }

        return new DurationHistogram([counters]);
    }
}
