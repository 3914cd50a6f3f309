namespace L4Lb.Engine.Tests.Scheduling;

public sealed class LeastConnectionsSchedulerTests
{
    [Fact]
    public void Picks_the_fewest_active() =>
        Assert.All(SchedulerRig.Equal("lc", 4).With(3, 2, 1, 2).Picks(10), i => Assert.Equal(2, i));

    [Fact]
    public void Heeds_no_weight_but_0() => Assert.Equal([0, 50, 50], new SchedulerRig("lc", [0, 1, 1000]).Hold(100));

    [Fact]
    public void Those_who_tie_take_turns()
    {
        Assert.Equal([25, 25, 25, 25], SchedulerRig.Equal("lc", 4).Counts(100));
        Assert.Equal([0, 50, 0, 50], SchedulerRig.Equal("lc", 4).With(5, 0, 5, 0).Counts(100));
    }

    [Fact]
    public void Open_sessions_spread_evenly() => Assert.Equal([100, 100, 100], SchedulerRig.Equal("lc", 3).Hold(300));

    [Fact]
    public void A_retry_goes_to_the_next_fewest() =>
        Assert.Equal([3, 1, 0, 2], SchedulerRig.Equal("lc", 4).With(2, 1, 3, 0).Order());

    [Fact]
    public void Loads_survive_a_session_that_ends()
    {
        var rig = SchedulerRig.Equal("lc", 3).With(1, 1, 1);
        rig.Candidates[1].Load.Release();

        Assert.Equal(1, rig.Pick());
    }

    [Fact]
    public void Whoever_is_full_is_passed_over_even_in_a_tie()
    {
        var rig = SchedulerRig.Equal("lc", 4).With(1, 1, 2, 1).Fill(1);

        Assert.Equal([50, 0, 0, 50], rig.Counts(100));
    }
}
