using L4Lb.Engine.Tests.Datagrams.Simulation;

namespace L4Lb.Engine.Tests.Datagrams;

/// <summary>
/// Millions of events through a flow table, each checked. What fails names its seed, and the same seed fails again.
/// </summary>
public sealed class FlowSimulationTests
{
    private const int Events = 260_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_flow_keeps_every_rule(int seed)
    {
        using var simulation = Run(seed, Events);

        // It was about something.
        var (invariants, counters) = (simulation.Invariants, simulation.Counters);
        Assert.InRange(simulation.Events, Events, long.MaxValue);
        Assert.InRange(invariants.Replied, Events / 20, Events);
        Assert.InRange(counters.DatagramsResent, 100, Events);
        Assert.InRange(simulation.Rescues, 50, Events);
        Assert.InRange(invariants.Shed, 100, Events);
        Assert.InRange(simulation.LostInSending, 100, Events);
        Assert.InRange(simulation.Strays, 10, Events);
    }

    [Fact]
    public void The_same_seed_makes_the_same_world()
    {
        using var first = Run(9, Events / 10);
        using var again = Run(9, Events / 10);
        using var other = Run(10, Events / 10);

        Assert.Equal(first.Invariants.Trace, again.Invariants.Trace);
        Assert.NotEqual(first.Invariants.Trace, other.Invariants.Trace);
    }

    private static FlowSimulation Run(int seed, int events)
    {
        var simulation = new FlowSimulation(seed);
        try
        {
            simulation.Run(events);
            return simulation;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}, event {simulation.Events}: {failure.Message}", failure);
        }
    }
}
