using System.Diagnostics;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Simulation;

/// <summary>
/// Measures what a pick really costs, by a copy of the scheduler at the loads that the run has ended with: real time, which
/// nothing that is simulated depends on.
/// </summary>
internal static class PickTimer
{
    private const int Batches = 33;
    private const int PicksMost = 1024;

    // A batch is long enough for the clock and short enough for a slow scheduler.
    private static readonly TimeSpan s_batch = TimeSpan.FromMicroseconds(100);

    /// <summary>The median over batches of the mean nanoseconds of a first pick.</summary>
    internal static double Measure(Balancer balancer, long nowMs)
    {
        var scheduler = balancer.Copy().Scheduler;
        var dice = new Dice(7, Purpose.Clients);
        var flows = new FlowKey[PicksMost];
        for (var i = 0; i < flows.Length; i++)
        {
            flows[i] = new FlowKey(AddressKey.FromIPv4((uint)dice.Next(), (ushort)i), balancer.Listen);
        }

        var picks = 16;
        while (picks < PicksMost && Time(scheduler, flows.AsSpan(0, picks), nowMs) < s_batch)
        {
            picks *= 2;
        }

        var means = new double[Batches];
        for (var i = 0; i < Batches; i++)
        {
            means[i] = Time(scheduler, flows.AsSpan(0, picks), nowMs).TotalNanoseconds / picks;
        }

        Array.Sort(means);
        return means[Batches / 2];
    }

    private static TimeSpan Time(IScheduler scheduler, ReadOnlySpan<FlowKey> flows, long nowMs)
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (ref readonly var flow in flows)
        {
            var pick = new SchedulePick(scheduler, flow);
            pick.MoveNext(nowMs, out _);
        }

        return Stopwatch.GetElapsedTime(begun);
    }
}
