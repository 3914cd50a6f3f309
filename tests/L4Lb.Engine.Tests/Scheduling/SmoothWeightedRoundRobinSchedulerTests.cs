using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class SmoothWeightedRoundRobinSchedulerTests
{
    [Theory]
    [InlineData("AABACAA", 5, 1, 1)]
    [InlineData("AABACAA", 50, 10, 10)]
    [InlineData("ABCABC", 7, 7, 7)]
    [InlineData("BBDB", 0, 3, 0, 1)]
    public void Is_the_sequence_of_nginx(string expected, params int[] weights)
    {
        Assert.Equal(expected, new SchedulerRig("swrr", weights).Letters(expected.Length));
    }

    [Theory]
    [InlineData(5, 1, 1)]
    [InlineData(7, 3, 2, 9)]
    [InlineData(16001, 7, 300)]
    [InlineData(40009, 30011, 1, 500)]
    public void Any_window_of_the_sum_of_weights_is_exact(params int[] weights)
    {
        var sum = weights.Sum();
        var picks = new SchedulerRig("swrr", weights).Picks(2 * sum);
        var counts = new int[weights.Length];
        Array.ForEach(picks[..sum], pick => counts[pick]++);

        Assert.Equal(weights, counts);
        Assert.Equal(picks[..sum], picks[sum..]);
    }

    [Fact]
    public void Gives_30_sessions_10_and_20() => Assert.Equal([10, 20], new SchedulerRig("swrr", [1, 2]).Counts(30));

    [Fact]
    public void A_long_cycle_is_as_smooth_as_a_short_one()
    {
        // Three of four turns are A's; by the book A comes four times in a row at most, and no other twice.
        var letters = new SchedulerRig("swrr", [30_003, 5_001, 5_003]).Letters(40_007);

        Assert.DoesNotContain("BB", letters, StringComparison.Ordinal);
        Assert.DoesNotContain("CC", letters, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAAAAA", letters, StringComparison.Ordinal);
    }

    [Fact]
    public void The_share_of_a_full_backend_goes_to_all_others()
    {
        var rig = SchedulerRig.Equal("swrr", 4);
        rig.Candidates[1].Load.Bound(1, 0);
        rig.With(0, 1);

        Assert.Equal([100, 0, 100, 100], rig.Counts(300));
    }

    [Fact]
    public void When_nearly_all_are_full_the_others_share_by_weight()
    {
        var rig = new SchedulerRig("swrr", [1, .. Enumerable.Repeat(1, 200), 3]);
        for (var i = 1; i <= 200; i++)
        {
            rig.Candidates[i].Load.Bound(1, 0);
            rig.Candidates[i].Load.Acquire();
        }

        var counts = rig.Counts(4000);

        Assert.Equal(4000, counts[0] + counts[201]);
        Assert.InRange(counts[0], 900, 1100);
    }

    [Fact]
    public void None_when_all_are_full()
    {
        var rig = SchedulerRig.Equal("swrr", 2);
        Array.ForEach(rig.Candidates, candidate => candidate.Load.Bound(1, 0));

        Assert.Equal(-1, rig.With(1, 1).Pick());
    }

    [Fact]
    public void A_retry_that_cannot_have_a_turn_shares_by_weight()
    {
        var rig = new SchedulerRig("swrr", [60_000, 1, 3]);
        var tried = default(TriedSet);
        tried.Add(0);
        var counts = new int[3];

        for (var i = 0; i < 4000; i++)
        {
            counts[rig.Scheduler.Next(SchedulerRig.Flow(), tried, nowMs: 0)]++;
        }

        Assert.InRange(counts[1], 900, 1100);
    }

    [Fact]
    public async Task No_turn_is_lost_between_eight_threads()
    {
        var rig = new SchedulerRig("swrr", [5, 1, 2]);
        var counts = new int[3];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 20_000; i++)
                {
                    Interlocked.Increment(ref counts[rig.Pick()]);
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal([100_000, 20_000, 40_000], counts);
    }

    [Fact]
    public void The_cycle_goes_on_over_a_reload()
    {
        var rig = new SchedulerRig("swrr", [5, 1, 1]);
        rig.Picks(4);

        var reloaded = SchedulerCatalog.Build(new SchedulerSpec("swrr"), rig.Candidates, rig.Memory);

        Assert.Equal(2, reloaded.Next(SchedulerRig.Flow(), default, nowMs: 0));
    }
}
