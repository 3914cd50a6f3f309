namespace L4Lb.Engine.Tests.Scheduling;

public sealed class OverflowSchedulerTests
{
    [Fact]
    public void Each_holds_one_more_than_its_weight_before_the_next_gets_any() =>
        Assert.Equal([3, 5, 0], new SchedulerRig("ovf", [2, 4, 1]).Hold(8));

    [Fact]
    public void Refuses_when_all_have_more_than_their_weight()
    {
        var rig = new SchedulerRig("ovf", [2, 4]);

        Assert.Equal([3, 5], rig.Hold(100));
        Assert.Equal(-1, rig.Pick());

        rig.Candidates[0].Load.Release();
        Assert.Equal(0, rig.Pick());
    }

    [Fact]
    public void A_retry_goes_to_the_heaviest_even_then() => Assert.Equal([1, 2], new SchedulerRig("ovf", [2, 4, 3]).With(9, 9, 9).Order(preferred: 0));

    [Fact]
    public void Of_equals_the_first_in_the_list() => Assert.Equal(1, new SchedulerRig("ovf", [1, 3, 3]).Pick());
}
