namespace L4Lb.Engine.Tests.Scheduling;

public sealed class NeverQueueSchedulerTests
{
    [Fact]
    public void The_first_idle_one_in_the_list_is_first_however_light()
    {
        Assert.All(new SchedulerRig("nq", [1, 2]).Picks(10), i => Assert.Equal(0, i));
        Assert.Equal(2, new SchedulerRig("nq", [5, 0, 1, 9]).With(1).Pick());
    }

    [Fact]
    public void When_nobody_is_idle_the_shortest_expected_delay_counts() =>
        Assert.Equal(1, new SchedulerRig("nq", [1, 3, 1]).With(1, 3, 1).Pick());

    [Fact]
    public void A_retry_goes_to_the_next_idle_one() => Assert.Equal([1, 2, 0, 3], new SchedulerRig("nq", [2, 1, 1, 1]).With(1, 0, 0, 1).Order());
}
