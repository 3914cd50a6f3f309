using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class WeightedRoundRobinSchedulerTests
{
    [Theory]
    [InlineData("AABABCABCAABABCABC", 4, 3, 2)]
    [InlineData("ABCABC", 5, 5, 5)]
    [InlineData("AAAABAAAAB", 4, 1)]
    [InlineData("BBCBBC", 0, 200, 100)]
    [InlineData("BBABCBBABC", 1, 3, 1)]
    public void Follows_the_sequence_of_ipvs(string sequence, params int[] weights) =>
        Assert.Equal(sequence, new SchedulerRig("wrr", weights).Letters(sequence.Length));

    [Fact]
    public void Follows_ipvs_over_random_weights()
    {
        var random = new Random(11);
        for (var round = 0; round < 100; round++)
        {
            int[] weights = [.. Enumerable.Range(0, random.Next(1, 90)).Select(_ => random.Next(0, 1 << random.Next(1, 8)))];
            if (weights.Max() == 0)
            {
                continue;
            }

            var expected = IpvsSequence(weights).Take(1000);

            Assert.Equal(expected, new SchedulerRig("wrr", weights).Picks(1000));
        }
    }

    [Fact]
    public void A_cycle_is_in_proportion_to_weights_for_10_000_candidates()
    {
        int[] weights = [.. Enumerable.Range(0, 10_000).Select(i => 2 * (i % 17))];

        Assert.Equal([.. weights.Select(weight => weight / 2)], new SchedulerRig("wrr", weights).Counts(weights.Sum() / 2));
    }

    [Fact]
    public void Knows_extreme_weights()
    {
        var rig = new SchedulerRig("wrr", [65535, 65534, 1]);

        Assert.Equal([65535, 65534, 1], rig.Counts(131070));
    }

    [Fact]
    public void A_retry_takes_the_peers_of_the_round_first_then_the_lighter_ones()
    {
        Assert.Equal([0, 1, 2, 3], new SchedulerRig("wrr", [9, 9, 1, 1]).Order());
        Assert.Equal([0, 2, 1, 3], new SchedulerRig("wrr", [9, 1, 5, 1]).Order());
    }

    [Fact]
    public void Whoever_is_full_is_left_out_of_the_sequence()
    {
        // A A B A B C A B C without B.
        Assert.Equal("AAACACAAACAC", new SchedulerRig("wrr", [4, 3, 2]).Fill(1).Letters(12));
        Assert.Equal([400, 0, 200], new SchedulerRig("wrr", [4, 3, 2]).Fill(1).Counts(600));
    }

    [Fact]
    public void A_long_run_of_full_ones_is_walked_over()
    {
        var rig = new SchedulerRig("wrr", [.. Enumerable.Repeat(60_000, 100), 1]).Fill([.. Enumerable.Range(0, 100)]);

        Assert.All(rig.Picks(20), i => Assert.Equal(100, i));
        Assert.Empty(rig.Order(preferred: 100));
    }

    [Fact]
    public async Task No_turn_is_lost_between_eight_threads()
    {
        var rig = new SchedulerRig("wrr", [4, 3, 2]);
        var counts = new int[3];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 9_000; i++)
                {
                    Interlocked.Increment(ref counts[rig.Pick()]);
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal([32_000, 24_000, 16_000], counts);
    }

    [Fact]
    public void The_turn_goes_on_over_a_reload()
    {
        var rig = new SchedulerRig("wrr", [4, 3, 2]);
        rig.Picks(5);

        var reloaded = SchedulerCatalog.Build(new SchedulerSpec("wrr"), rig.Candidates, rig.Memory);

        Assert.Equal(2, reloaded.Next(SchedulerRig.Flow(), default, nowMs: 0));
    }

    /// <summary>The algorithm as the kernel has it: last index, falling bar.</summary>
    private static IEnumerable<int> IpvsSequence(int[] weights)
    {
        var divisor = weights.Aggregate(0, static (a, b) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
        var (last, bar) = (-1, 0);
        while (true)
        {
            last = (last + 1) % weights.Length;
            if (last == 0)
            {
                bar = bar - divisor <= 0 ? weights.Max() : bar - divisor;
            }

            if (weights[last] >= bar)
            {
                yield return last;
            }
        }
    }
}
