using L4Lb.Lab.Results;
using L4Lb.Lab.Tests.Reports;

namespace L4Lb.Lab.Tests.Results;

public class EstimateTests
{
    /// <summary>NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: critical values of Student's t.</summary>
    [Theory]
    [InlineData(1, 0.95, 12.706)]
    [InlineData(2, 0.95, 4.303)]
    [InlineData(3, 0.95, 3.182)]
    [InlineData(4, 0.95, 2.776)]
    [InlineData(5, 0.95, 2.571)]
    [InlineData(9, 0.95, 2.262)]
    [InlineData(10, 0.95, 2.228)]
    [InlineData(19, 0.95, 2.093)]
    [InlineData(30, 0.95, 2.042)]
    [InlineData(60, 0.95, 2.000)]
    [InlineData(100, 0.95, 1.984)]
    [InlineData(1_000_000, 0.95, 1.960)]
    [InlineData(1, 0.99, 63.657)]
    [InlineData(10, 0.99, 3.169)]
    [InlineData(5, 0.8, 1.476)]
    public void Quantiles_are_those_of_the_tables(int degrees, double probability, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(degrees, probability), 5e-4);

    [Fact]
    public void The_sums_and_the_expansion_meet() => Assert.Equal(StudentT.Quantile(200), StudentT.Quantile(201), 1e-4);

    [Fact]
    public void An_interval_is_that_of_the_textbook()
    {
        // Mean 5, standard deviation 2.138, 8 values: 5 ± 2.365 × 2.138 / √8.
        var estimate = Estimate.Of([2, 4, 4, 4, 5, 5, 7, 9])!.Value;
        Assert.Equal(5, estimate.Mean);
        Assert.Equal(1.787, estimate.HalfWidth!.Value, 1e-3);
        Assert.True(estimate.Excludes(7));
        Assert.False(estimate.Excludes(6));
    }

    [Fact]
    public void One_value_says_nothing_of_chance()
    {
        var estimate = Estimate.Of([3])!.Value;
        Assert.Null(estimate.HalfWidth);
        Assert.False(estimate.Excludes(1000));
        Assert.Null(Estimate.Of([]));
    }

    [Fact]
    public void About_95_of_100_intervals_have_the_true_mean()
    {
        var dice = new Random(3);
        var within = Enumerable.Range(0, 4000).Count(_ => !Estimate.Of([.. Enumerable.Range(0, 5).Select(_ => Normal(dice))])!.Value.Excludes(0));
        Assert.InRange(within / 4000.0, 0.94, 0.96);
    }

    [Fact]
    public void Welch_errs_on_the_side_of_caution_too()
    {
        var dice = new Random(4);
        var within = Enumerable.Range(0, 4000).Count(_ => !Estimate.OfDifference(
            [.. Enumerable.Range(0, 4).Select(_ => 5 * Normal(dice))], [.. Enumerable.Range(0, 9).Select(_ => Normal(dice))])!.Value.Excludes(0));
        Assert.InRange(within / 4000.0, 0.94, 0.985);
    }

    [Fact]
    public void Pairs_tell_a_difference_that_two_intervals_hide()
    {
        static SchedulerResult Noisy(string name, double part) => new(name, LabMode.Simulated,
            [.. Enumerable.Range(1, 5).Select(seed => Synthetic.Run((ulong)seed, 1000 * seed * part))]);
        var (before, after) = (Noisy("a", 1), Noisy("b", 0.9));
        var paired = Difference.Of(Measures.P99, before, after, sharesChance: true)!;
        var apart = Difference.Of(Measures.P99, before, after, sharesChance: false)!;
        Assert.Equal((true, Verdict.Better), (paired.IsPaired, paired.Verdict));
        Assert.Equal((false, Verdict.Same), (apart.IsPaired, apart.Verdict));
        Assert.Equal(-0.1, paired.Relative!.Value, 0.01);
    }

    /// <summary>Factors of 3.9, 2.1 and 3.5 are a difference, though the times themselves scatter too much to say so.</summary>
    [Fact]
    public void Times_are_compared_by_their_ratios()
    {
        var (lc, rr) = (Times(165, 162, 166), Times(641, 337, 584));
        var difference = Difference.Of(Measures.P99, lc, rr, sharesChance: true)!;
        Assert.False(difference.Change.Excludes(0));
        Assert.Equal(Verdict.Worse, difference.Verdict);
        Assert.Equal(2.04, difference.Relative!.Value, 0.03);
        static SchedulerResult Times(params double[] millis) => new("a", LabMode.Simulated,
            [.. millis.Select(static (m, i) => Synthetic.Run((ulong)i + 1, 1000) with { Latency = Only(m * 1000) })]);
        static L4Lb.Lab.Measuring.Histogram Only(double micros)
        {
            var histogram = new L4Lb.Lab.Measuring.Histogram();
            histogram.Record(micros);
            return histogram;
        }
    }

    [Fact]
    public void Verdicts_follow_direction_size_and_certainty()
    {
        var slow = Synthetic.Scheduler("a", 3, 1200);
        var fast = Synthetic.Scheduler("a", 3, 1000);
        Assert.Equal(Verdict.Worse, Of(Measures.P99, fast, slow));
        Assert.Equal(Verdict.Better, Of(Measures.P99, slow, fast));
        Assert.Equal(Verdict.Same, Of(Measures.P99, fast, Synthetic.Scheduler("a", 3, 1004)));
        Assert.Equal(Verdict.Unknown, Of(Measures.P99, Synthetic.Scheduler("a", 1, 1000), Synthetic.Scheduler("a", 1, 2000)));
        Assert.Equal(Verdict.Worse, Of(Measures.Kept, Synthetic.Scheduler("a", 3, 1, changes: true, slowShare: 0.1), Synthetic.Scheduler("a", 3, 1, changes: true, slowShare: 0.3)));
        Assert.Null(Difference.Of(Measures.Kept, fast, slow, sharesChance: true));
        static Verdict Of(Measure measure, SchedulerResult before, SchedulerResult after) => Difference.Of(measure, before, after, sharesChance: true)!.Verdict;
    }

    private static double Normal(Random dice) => Math.Sqrt(-2 * Math.Log(1 - dice.NextDouble())) * Math.Cos(2 * Math.PI * dice.NextDouble());
}
