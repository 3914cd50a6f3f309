using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class KernelMaglevSchedulerTests
{
    [Theory]
    [InlineData("4093", true)]
    [InlineData("251", true)]
    [InlineData("65537", true)]
    [InlineData("131071", true)]
    [InlineData("4095", false)]
    [InlineData("241", false)]
    [InlineData("131101", false)]
    [InlineData("", false)]
    [InlineData("-251", false)]
    public void The_table_size_is_a_prime(string size, bool isValid) =>
        Assert.Equal(isValid, SchedulerCatalog.Validate(new SchedulerSpec("mh", [new("table-size", size)])) is null);

    [Fact]
    public void Equals_get_one_slot_more_or_less() =>
        Assert.All(Slots(4093, [.. Enumerable.Repeat(1, 100)]), slots => Assert.InRange(slots, 40, 41));

    [Fact]
    public void Slots_are_in_proportion_to_turns() => Assert.Equal([1820, 1365, 908], Slots(4093, 4, 3, 2));

    [Fact]
    public void Of_large_weights_the_highest_six_bits_count()
    {
        // 65535 and 1 have no common divisor; 16 bits are shifted to 6, and 1 >> 10 still is a turn: 63 to 1.
        var slots = Slots(4093, 65535, 1);

        Assert.InRange(slots[1], 63, 65);
    }

    [Fact]
    public void The_table_grows_with_a_list_that_is_longer_than_it() =>
        Assert.All(Slots(251, [.. Enumerable.Repeat(1, 600)]), slots => Assert.InRange(slots, 1, 2));

    [Fact]
    public void A_drained_one_keeps_its_slots_and_its_clients_are_refused()
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 4).Select(i => SchedulerRig.Candidate(i, 1))];
        var all = new SchedulerRig(new SchedulerSpec("mh"), candidates).Picks(1000);
        candidates[2] = candidates[2] with { Weight = 0 };

        var drained = new SchedulerRig(new SchedulerSpec("mh"), candidates).Picks(1000);

        Assert.Equal(all.Select(i => i == 2 ? -1 : i), drained);
    }

    [Fact]
    public void What_was_never_wanted_has_no_slots() => Assert.DoesNotContain(-1, new SchedulerRig("mh", [1, 0, 1]).Picks(1000));

    [Fact]
    public void Hash_on_says_what_is_hashed()
    {
        var rig = new SchedulerRig("mh", [1, 1, 1, 1], 1, new SchedulerParameter("hash-on", "destination"));
        var flow = SchedulerRig.Flow();

        Assert.Single(Enumerable.Range(0, 100).Select(i => rig.Scheduler.Next(flow with { Client = SchedulerRig.Flow(i).Client }, default, 0)).Distinct());
        Assert.Equal(4, rig.Picks(100).Distinct().Count());
    }

    private static int[] Slots(int size, params int[] weights)
    {
        var slots = KernelMaglevTable.Fill([.. weights.Select((weight, i) => SchedulerRig.Candidate(i, weight))], size);
        return [.. weights.Select((_, i) => slots.Count(owner => owner == i))];
    }
}
