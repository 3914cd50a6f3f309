namespace L4Lb.Engine.Tests.Scheduling;

public sealed class FailoverSchedulerTests
{
    [Fact]
    public void The_heaviest_has_all_whatever_its_load() =>
        Assert.All(new SchedulerRig("fo", [1, 9, 3]).With(0, 1000, 0).Picks(10), i => Assert.Equal(1, i));

    [Fact]
    public void Of_equals_the_first_in_the_list() => Assert.Equal([1, 2, 3, 0], new SchedulerRig("fo", [1, 9, 9, 5]).Order());

    [Fact]
    public void The_next_heaviest_stands_in_while_it_is_full()
    {
        var rig = new SchedulerRig("fo", [1, 9, 3]).Fill(1);
        Assert.Equal(2, rig.Pick());

        rig.Candidates[1].Load.Release();
        Assert.Equal(1, rig.Pick());
    }
}
