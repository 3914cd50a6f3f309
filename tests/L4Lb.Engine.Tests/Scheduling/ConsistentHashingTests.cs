using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>What the schedulers with a table or ring of points share.</summary>
public sealed class ConsistentHashingTests
{
    private const int Flows = 20_000;

    public static TheoryData<string> Names => ["maglev", "ring", "chbl"];

    /// <summary>During a slow start one has a part of its flows, always the same ones, and nobody else's move.</summary>
    [Theory, MemberData(nameof(Names))]
    public void A_part_of_the_weight_is_a_part_of_the_same_flows(string name)
    {
        var rig = new SchedulerRig(name, [1, 1, 1, 1]);
        var full = rig.Picks(Flows);
        int[] tenth = At(0.1), half = At(0.5);

        Assert.InRange(tenth.Count(i => i == 0) / (double)full.Count(i => i == 0), 0.08, 0.12);
        Assert.InRange(half.Count(i => i == 0) / (double)full.Count(i => i == 0), 0.46, 0.54);
        for (var i = 0; i < Flows; i++)
        {
            Assert.True(full[i] == 0 || half[i] == full[i], "another's flow moved");
            Assert.True(tenth[i] != 0 || (half[i] == 0 && full[i] == 0), "a part is not part of a greater part");
        }

        int[] At(double factor) => rig.Reload(
            [rig.Candidates[0] with { Weight = (int)(100 * factor), FullWeight = 1, Factor = factor }, .. rig.Candidates[1..].Select(c => c with { Weight = 100 })]).Picks(Flows);
    }

    /// <summary>A port more or less means nothing to hash-on=source, and another client everything.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Hashes_what_it_is_told_to(string name)
    {
        var byAddress = new SchedulerRig(new SchedulerSpec(name), Candidates());
        var byPort = new SchedulerRig(new SchedulerSpec(name, [new("hash-on", HashKey.SourcePort)]), Candidates());
        var byDestination = new SchedulerRig(new SchedulerSpec(name, [new("hash-on", HashKey.Destination)]), Candidates());

        Assert.Single(Ports(byAddress).Distinct());
        Assert.Equal(8, Ports(byPort).Distinct().Count());
        Assert.Single(Ports(byDestination).Distinct());
        Assert.Equal(8, byDestination.Picks(500).Distinct().Count());
    }

    private static Candidate[] Candidates() => [.. Enumerable.Range(0, 8).Select(i => SchedulerRig.Candidate(i, 1))];

    private static IEnumerable<int> Ports(SchedulerRig rig)
    {
        var flow = SchedulerRig.Flow();
        return [.. Enumerable.Range(1, 500).Select(port =>
            rig.Scheduler.Next(flow with { Client = flow.Client with { Port = (ushort)port } }, default, nowMs: 0))];
    }
}
