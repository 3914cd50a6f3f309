using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class SourceHashingSchedulerTests
{
    [Fact]
    public void Buckets_are_dealt_in_list_order_by_weight()
    {
        // 256 buckets in rounds of 9: 28 rounds and 4 more, all of which the first gets.
        var counts = new SchedulerRig("sh", [4, 3, 2]).Counts(100_000);

        Assert.InRange(counts[0], 100_000 * 115 / 256, 100_000 * 117 / 256);
        Assert.InRange(counts[1], 100_000 * 83 / 256, 100_000 * 85 / 256);
        Assert.InRange(counts[2], 100_000 * 55 / 256, 100_000 * 57 / 256);
    }

    [Fact]
    public void A_client_keeps_its_backend_from_any_port_unless_sh_port_is_given()
    {
        var bySource = new SchedulerRig("sh", [1, 1, 1, 1]);
        var byPort = new SchedulerRig("sh", [1, 1, 1, 1], 1, new SchedulerParameter("sh-port", ""));

        Assert.Single(Ports(bySource).Distinct());
        Assert.Equal(4, Ports(byPort).Distinct().Count());
    }

    [Fact]
    public void Drops_who_belongs_to_weight_0_or_to_a_full_one()
    {
        var rig = new SchedulerRig("sh", [1, 0, 1, 1]).Fill(2);

        var counts = rig.Counts(100_000);

        Assert.InRange(counts.Sum(), 49_000, 51_000);
        Assert.Equal(0, counts[1] + counts[2]);
    }

    [Fact]
    public void With_sh_fallback_drops_nobody_and_moves_nobody_else()
    {
        var all = new SchedulerRig("sh", [1, 1, 1, 1]).Picks(1000);
        var fallback = new SchedulerRig("sh", [1, 0, 1, 1], 1, new SchedulerParameter("sh-fallback", "")).Picks(1000);

        Assert.All(all.Zip(fallback), pick => Assert.True(pick.First == 1 ? pick.Second != 1 && pick.Second >= 0 : pick.First == pick.Second));
    }

    [Fact]
    public void A_retry_reaches_even_those_without_a_bucket() =>
        Assert.Equal([0, 1, 2, 4], new SchedulerRig("sh", [300, 1, 1, 0, 5]).Order().Order());

    private static int[] Ports(SchedulerRig rig) =>
        [.. Enumerable.Range(1024, 100).Select(port => rig.Scheduler.Next(
            SchedulerRig.Flow() with { Client = AddressKey.FromIPv4(0xC0A80007, (ushort)port) }, default, nowMs: 0))];
}
