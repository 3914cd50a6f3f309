namespace L4Lb.Engine.Tests.Scheduling;

public sealed class RendezvousSchedulerTests
{
    private const int Flows = 20_000;

    [Fact]
    public void A_removed_one_moves_exactly_its_own_flows()
    {
        const int Removed = 2;
        var rig = new SchedulerRig("hrw", [3, 1, 4, 1, 5]);
        var without = rig.Reload([.. rig.Candidates.Where((_, i) => i != Removed)]);

        Assert.All(
            rig.Picks(Flows).Zip(without.Picks(Flows)),
            pick => Assert.True(pick.First == Removed || rig.Candidates[pick.First].Address == without.Candidates[pick.Second].Address));
    }

    [Fact]
    public void An_added_one_gets_flows_and_nobody_else_does()
    {
        var rig = new SchedulerRig("hrw", [3, 1, 4, 1]);
        var with = rig.Reload([.. rig.Candidates, SchedulerRig.Candidate(4, 5)]);

        Assert.All(rig.Picks(Flows).Zip(with.Picks(Flows)), pick => Assert.True(pick.Second == 4 || pick.First == pick.Second));
    }

    [Fact]
    public void A_greater_weight_only_draws_flows_in()
    {
        var rig = new SchedulerRig("hrw", [2, 2, 2]);
        var heavier = rig.Reload([rig.Candidates[0] with { Weight = 3, FullWeight = 3 }, .. rig.Candidates[1..]]);

        Assert.All(rig.Picks(Flows).Zip(heavier.Picks(Flows)), pick => Assert.True(pick.Second == 0 || pick.First == pick.Second));
        Assert.InRange(heavier.Counts(Flows)[0] / (double)Flows, 0.41, 0.445); // Three sevenths.
    }
}
