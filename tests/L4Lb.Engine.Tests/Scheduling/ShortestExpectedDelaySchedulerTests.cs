namespace L4Lb.Engine.Tests.Scheduling;

public sealed class ShortestExpectedDelaySchedulerTests
{
    [Fact]
    public void The_heavier_of_two_idle_ones_is_first() => Assert.Equal(1, new SchedulerRig("sed", [1, 2]).Pick());

    [Fact]
    public void The_new_session_is_counted()
    {
        // (1 + 1) / 3 is less than (0 + 1) / 1: the idle one waits, and would not by wlc.
        Assert.Equal(0, new SchedulerRig("sed", [3, 1]).With(1, 0).Pick());
        Assert.Equal(1, new SchedulerRig("wlc", [3, 1]).With(1, 0).Pick());
        Assert.Equal(1, new SchedulerRig("sed", [3, 1]).With(3, 0).Pick());
    }

    [Fact]
    public void Open_sessions_follow_the_expected_delays()
    {
        var rig = new SchedulerRig("sed", [5, 2]);
        var order = Enumerable.Range(0, 6).Select(_ =>
        {
            var index = rig.Pick();
            rig.Candidates[index].Load.Acquire();
            return index;
        });

        // Delays of A are 1/5, 2/5, 3/5 …, of B 1/2, 2/2.
        Assert.Equal([0, 0, 1, 0, 0], order.Take(5));
    }

    [Fact]
    public void Those_who_tie_take_turns() => Assert.All(new SchedulerRig("sed", [1, 1]).Counts(100), n => Assert.InRange(n, 49, 51));

    [Fact]
    public void Whoever_is_full_is_passed_over() => Assert.All(new SchedulerRig("sed", [9, 1, 1]).Fill(0).Picks(20), i => Assert.NotEqual(0, i));
}
