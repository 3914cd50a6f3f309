namespace L4Lb.Engine.Tests.Scheduling;

public sealed class FirstSchedulerTests
{
    [Fact]
    public void Everything_goes_to_the_first_in_the_list_that_has_weight() =>
        Assert.Equal([0, 50, 0], new SchedulerRig("first", [0, 1, 9]).Hold(50));

    [Fact]
    public void One_is_filled_before_the_next_is_used()
    {
        var rig = Bounded(4, most: 3);

        Assert.Equal([3, 3, 1, 0], rig.Hold(7));
    }

    [Fact]
    public void One_that_has_room_again_is_first_again()
    {
        var rig = Bounded(3, most: 2);
        rig.Hold(5);
        rig.Candidates[0].Load.Release();

        Assert.Equal(0, rig.Pick());
    }

    [Fact]
    public void None_when_all_are_full() => Assert.Equal(-1, Bounded(2, most: 1).With(1, 1).Pick());

    [Fact]
    public void A_retry_goes_on_in_list_order() => Assert.Equal([0, 1, 2], Bounded(3, most: 1).Order());

    private static SchedulerRig Bounded(int count, int most)
    {
        var rig = SchedulerRig.Equal("first", count);
        Array.ForEach(rig.Candidates, candidate => candidate.Load.Bound(most, 0));
        return rig;
    }
}
