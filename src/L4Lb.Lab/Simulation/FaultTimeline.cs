using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Simulation;

/// <summary>What becomes of one server.</summary>
internal enum FaultKind
{
    Slow,
    NoLongerSlow,
    Pause,
    Resume,
    Refuse,
    Hang,
    Recover,
    Leave,
    Join,
}

/// <summary>One step of a fault.</summary>
/// <param name="At">When, in virtual nanoseconds from the end of the warm-up.</param>
/// <param name="Kind">What.</param>
/// <param name="Server">To whom.</param>
/// <param name="Value">A factor, or seconds.</param>
internal readonly record struct FaultStep(long At, FaultKind Kind, Server Server, double Value = 0);

/// <summary>Makes single steps of a scenario's faults. Pure but for the dice.</summary>
internal static class FaultTimeline
{
    /// <summary>Every server that there ever is, group by group; those that are there at the start are present.</summary>
    internal static Server[] Lay(Scenario scenario)
    {
        var servers = new List<Server>();
        foreach (var group in scenario.Backends)
        {
            for (var i = 0; i < group.Count + AddedTo(scenario, group); i++)
            {
                servers.Add(new Server(servers.Count, group, i) { IsPresent = i < group.Count });
            }
        }

        return [.. servers];
    }

    /// <summary>All steps, in order.</summary>
    internal static FaultStep[] Expand(Scenario scenario, Server[] servers, Dice dice)
    {
        var steps = new List<FaultStep>();
        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var fault in scenario.Faults)
        {
            var group = servers.Where(server => server.Group.Name == fault.Group).ToArray();
            var first = fault.First;
            if (fault is AddFault)
            {
                first = scenario.Backends.First(g => g.Name == fault.Group).Count + added.GetValueOrDefault(fault.Group);
                added[fault.Group] = added.GetValueOrDefault(fault.Group) + fault.Count!.Value;
            }

            var count = fault.Count ?? scenario.Backends.First(g => g.Name == fault.Group).Count - first;
            var end = fault.For is { } length ? fault.At + length : double.PositiveInfinity;
            Add(steps, fault, group.AsSpan(first, count), Math.Min(end, scenario.MeasuredSeconds), end, ref dice);
        }

        // Stable, so that what is written first happens first.
        return [.. steps.OrderBy(static step => step.At)];
    }

    private static int AddedTo(Scenario scenario, BackendGroup group) =>
        scenario.Faults.OfType<AddFault>().Where(fault => fault.Group == group.Name).Sum(static fault => fault.Count!.Value);

    /// <param name="steps">Where to add.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="servers">Those that it concerns.</param>
    /// <param name="until">When what repeats no longer begins, in seconds.</param>
    /// <param name="end">When what lasts ends, in seconds.</param>
    /// <param name="dice">Decide.</param>
    private static void Add(List<FaultStep> steps, Fault fault, ReadOnlySpan<Server> servers, double until, double end, ref Dice dice)
    {
        for (var i = 0; i < servers.Length; i++)
        {
            var server = servers[i];
            switch (fault)
            {
                case SlowFault slow:
                    Put(slow.At, FaultKind.Slow, slow.Factor);
                    Put(end, FaultKind.NoLongerSlow, slow.Factor);
                    break;
                case CrashFault { Every: { } every } flap:
                    for (var at = flap.At; at < until; at += every)
                    {
                        Put(at, KindOf(flap.Way));
                        Put(Math.Min(at + flap.Down, end), FaultKind.Recover);
                    }

                    break;
                case CrashFault crash:
                    Put(crash.At, KindOf(crash.Way));
                    Put(end, FaultKind.Recover);
                    break;
                case PauseFault pause:
                    for (var at = pause.At + (pause.Every * dice.NextUnit()); at < until;)
                    {
                        Put(at, FaultKind.Pause, pause.Length);
                        Put(at + pause.Length, FaultKind.Resume);
                        at += pause.IsRandom ? pause.Length - (pause.Every * Math.Log(dice.NextUnit())) : pause.Every;
                    }

                    break;
                case RollingUpdate rolling when fault.At + (i / rolling.Batch * (rolling.Down + rolling.Pause)) is var at && at < until:
                    Put(at, FaultKind.Leave);
                    Put(at + rolling.Down, FaultKind.Join);
                    break;
                case AddFault add:
                    Put(add.At + (i * add.Every), FaultKind.Join);
                    break;
                case RemoveFault remove:
                    Put(remove.At + (i * remove.Every), FaultKind.Leave);
                    Put(end, FaultKind.Join);
                    break;
            }

            void Put(double at, FaultKind kind, double value = 0)
            {
                if (at < double.PositiveInfinity)
                {
                    steps.Add(new FaultStep(VirtualTime.Of(at), kind, server, value));
                }
            }
        }
    }

    private static FaultKind KindOf(CrashWay way) => way == CrashWay.Refuses ? FaultKind.Refuse : FaultKind.Hang;
}
