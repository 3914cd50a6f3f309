namespace L4Lb.Engine.Tests.Scheduling;

public sealed class WeightedLeastConnectionsSchedulerTests
{
    [Fact]
    public void Picks_the_fewest_active_per_weight() =>
        Assert.All(new SchedulerRig("wlc", [10, 5, 1]).With(6, 2, 1).Picks(10), i => Assert.Equal(1, i));

    [Fact]
    public void Open_sessions_spread_in_proportion_to_weights() =>
        Assert.Equal([40, 30, 20], new SchedulerRig("wlc", [4, 3, 2]).Hold(90));

    [Fact]
    public void Those_who_tie_take_turns_in_proportion_to_weights()
    {
        var counts = new SchedulerRig("wlc", [4, 3, 2]).Counts(900);

        Assert.InRange(counts[0], 395, 405);
        Assert.InRange(counts[1], 295, 305);
        Assert.InRange(counts[2], 195, 205);
    }

    [Fact]
    public void Turns_of_equals_do_not_come_in_bursts()
    {
        var picks = new SchedulerRig("wlc", [100, 100]).Picks(1000);

        for (var i = 3; i < picks.Length; i++)
        {
            Assert.NotEqual(1, picks[(i - 3)..(i + 1)].Distinct().Count());
        }
    }

    [Fact]
    public void A_tie_between_different_loads_of_one_ratio_is_a_tie()
    {
        var counts = new SchedulerRig("wlc", [2, 1, 1]).With(4, 2, 9).Counts(300);

        Assert.InRange(counts[0], 197, 203);
        Assert.Equal(0, counts[2]);
    }

    [Fact]
    public void Knows_extreme_weights()
    {
        var rig = new SchedulerRig("wlc", [65535, 1]).With(65534, 1);
        Assert.Equal(0, rig.Pick());

        rig.With(2);
        Assert.Equal(1, rig.Pick());
    }

    [Fact]
    public void A_retry_goes_to_the_next_fewest() =>
        Assert.Equal([2, 0, 1], new SchedulerRig("wlc", [2, 1, 3]).With(4, 3, 3).Order());

    [Fact]
    public void Whoever_is_full_is_passed_over_even_in_a_tie()
    {
        var rig = SchedulerRig.Equal("wlc", 4).With(1, 1, 2, 1).Fill(1);

        var counts = rig.Counts(100);

        Assert.InRange(counts[0], 49, 51);
        Assert.Equal([0, 0, 100 - counts[0]], counts[1..]);
    }
}
