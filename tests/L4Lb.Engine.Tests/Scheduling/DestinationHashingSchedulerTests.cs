using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class DestinationHashingSchedulerTests
{
    [Fact]
    public void The_addressed_address_decides_and_neither_its_port_nor_the_client()
    {
        var rig = SchedulerRig.Equal("dh", 5);
        int[] picks = [.. Enumerable.Range(0, 100).Select(i =>
            rig.Scheduler.Next(SchedulerRig.Flow(i) with { Listen = AddressKey.FromIPv4(0x0A600001, (ushort)(80 + i)) }, default, nowMs: 0))];

        Assert.Single(picks.Distinct());
        Assert.Equal(5, rig.Picks(100).Distinct().Count());
    }

    [Fact]
    public void Heeds_no_weight_but_0() => Assert.All(new SchedulerRig("dh", [1, 1000]).Counts(10_000), n => Assert.InRange(n, 4_500, 5_500));

    [Fact]
    public void Drops_who_belongs_to_weight_0_unless_dh_fallback_is_given()
    {
        Assert.Contains(-1, new SchedulerRig("dh", [1, 0, 1]).Picks(100));
        Assert.DoesNotContain(-1, new SchedulerRig("dh", [1, 0, 1], 1, new SchedulerParameter("dh-fallback", "")).Picks(100));
    }
}
