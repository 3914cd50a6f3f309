using L4Lb.Lab.Measuring;

namespace L4Lb.Lab.Tests.Measuring;

public class HistogramTests
{
    [Fact]
    public void QuantilesAreWithinABucketOfTheExactOnes()
    {
        var dice = new Random(7);
        var all = Enumerable.Range(0, 100_000).Select(_ => -Math.Log(1 - dice.NextDouble()) * 20_000).ToArray();
        var histogram = new Histogram();
        Array.ForEach(all, histogram.Record);
        Array.Sort(all);
        foreach (var quantile in new[] { 0.01, 0.5, 0.9, 0.99, 0.999, 1 })
        {
            var exact = all[Math.Max((int)Math.Ceiling(quantile * all.Length) - 1, 0)];
            Assert.InRange(histogram.Quantile(quantile), (exact * 0.992) - 1, (exact * 1.008) + 1);
        }

        Assert.Equal(all.Average(), histogram.Mean, 1e-6 * all.Average());
        Assert.Equal(all[^1], histogram.Max);
    }

    [Fact]
    public void SurvivesTheWayThroughItsBuckets()
    {
        var histogram = new Histogram();
        foreach (var micros in new double[] { 0, 1, 127, 128, 129, 255, 256, 65_535, 1e9, 1e13, 1e18, -1 })
        {
            histogram.Record(micros);
        }

        var copy = Histogram.From(histogram.Buckets, histogram.Sum, histogram.Max);
        Assert.Equal(histogram.Buckets, copy.Buckets);
        Assert.Equal((histogram.Count, histogram.Mean), (copy.Count, copy.Mean));
        Assert.All(new[] { 0.1, 0.5, 0.9, 1 }, quantile => Assert.Equal(histogram.Quantile(quantile), copy.Quantile(quantile)));
    }

    [Fact]
    public void JoinsWhatSeveralCounted()
    {
        var (first, second, both) = (new Histogram(), new Histogram(), new Histogram());
        foreach (var micros in Enumerable.Range(0, 1000))
        {
            (micros % 3 == 0 ? first : second).Record(micros * 37);
            both.Record(micros * 37);
        }

        first.Add(second);
        Assert.Equal(both.Buckets, first.Buckets);
        Assert.Equal(both.Max, first.Max);
    }

    [Fact]
    public void IsAllZeroWithoutAny()
    {
        var histogram = new Histogram();
        histogram.Record(5);
        histogram.Clear();
        Assert.Equal((0L, 0d, 0d, 0d), (histogram.Count, histogram.Mean, histogram.Max, histogram.Quantile(0.99)));
    }
}
