using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class RandomSchedulerTests
{
    [Fact]
    public void Shares_are_in_proportion_to_weights()
    {
        int[] weights = [1, 0, 5, 10, 84];

        AssertBinomial(weights, new SchedulerRig("random", weights, seed: 42).Counts(100_000));
    }

    [Fact]
    public void A_retry_draws_from_the_others_in_proportion()
    {
        var rig = new SchedulerRig("random", [5, 90, 3, 2], seed: 42);
        var tried = default(TriedSet);
        tried.Add(3);
        tried.Add(1);
        var counts = new int[4];

        for (var i = 0; i < 80_000; i++)
        {
            counts[rig.Scheduler.Next(SchedulerRig.Flow(), tried, nowMs: 0)]++;
        }

        AssertBinomial([5, 0, 3, 0], counts);
    }

    [Theory]
    [InlineData(5, 3, 2)]
    [InlineData(65_535, 3, 2)]
    public void While_one_is_full_the_others_share_in_proportion(int full, int b, int c)
    {
        // With 65,535, nearly all draws hit the full one, and the sum over the others decides.
        int[] weights = [full, b, c];

        AssertBinomial([0, b, c], new SchedulerRig("random", weights, seed: 42).Fill(0).Counts(20_000));
    }

    [Fact]
    public void Neighbours_at_either_end_may_be_tried()
    {
        var rig = new SchedulerRig("random", [7, 1, 1, 7]);
        var tried = default(TriedSet);
        tried.Add(1);
        tried.Add(0);
        tried.Add(3);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(2, rig.Scheduler.Next(SchedulerRig.Flow(), tried, nowMs: 0)));
    }

    [Fact]
    public void Another_seed_gives_another_sequence() =>
        Assert.NotEqual(
            new SchedulerRig("random", [1, 1, 1], seed: 1).Letters(50),
            new SchedulerRig("random", [1, 1, 1], seed: 2).Letters(50));

    /// <summary>Five standard deviations: a right implementation fails once in 1.7 million seeds.</summary>
    private static void AssertBinomial(int[] weights, int[] counts)
    {
        var picks = counts.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            var share = (double)weights[i] / weights.Sum();
            var deviation = Math.Sqrt(picks * share * (1 - share));
            Assert.InRange(counts[i], (picks * share) - (5 * deviation), (picks * share) + (5 * deviation));
        }
    }
}
