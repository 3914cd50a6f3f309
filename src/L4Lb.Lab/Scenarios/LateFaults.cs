using L4Lb.K8s.Annotations;

namespace L4Lb.Lab.Scenarios;

/// <summary>A fault that begins only when the measured time is over, or does so for some of its backends.</summary>
/// <param name="Index">Which of the scenario's faults.</param>
/// <param name="Text">It, for readers.</param>
/// <param name="Late">Backends whose turn comes after the end.</param>
/// <param name="All">Backends that it concerns.</param>
/// <param name="Measured">Measured seconds.</param>
internal sealed record LateFault(int Index, string Text, int Late, int All, double Measured)
{
    /// <summary>What the author of the scenario should know.</summary>
    internal string Warning => (Late == All ? "begins after the end" : $"{Part} only after the end")
        + $": {LateFaults.Format(Measured)} are measured, from the end of the warm-up on";

    /// <summary>What a reader of the figures should know.</summary>
    internal string Note => $"spec.faults[{Index}]: {Text} "
        + (Late == All ? "begins after the end" : $"begins in time, but {Part} only after the end")
        + $", since {LateFaults.Format(Measured)} are measured: the figures are without {(Late == All ? "it" : "these")}.";

    private string Part => $"{Late} of its {All} backends {(Late == 1 ? "has its" : "have their")} turn";
}

/// <summary>Finds faults of which nothing is measured, which nobody would miss otherwise.</summary>
internal static class LateFaults
{
    /// <summary>Those of <paramref name="scenario"/>, in its order.</summary>
    internal static IEnumerable<LateFault> Of(Scenario scenario)
    {
        // Faults count from the end of the warm-up, as measured time does: how long the former is does not matter.
        var measured = scenario.MeasuredSeconds;
        foreach (var (index, fault) in scenario.Faults.Index())
        {
            var all = fault.Count ?? scenario.Backends.First(g => g.Name == fault.Group).Count - fault.First;
            var turns = Enumerable.Range(0, all).Select(i => fault.At + DelayOf(fault, i));
            var late = fault.At >= measured ? all : turns.Count(at => at >= measured && !IsLeftAlone(fault, at));
            if (late > 0)
            {
                yield return new LateFault(index, $"{KindOf(fault)} at {Format(fault.At)}", late, all, measured);
            }
        }
    }

    /// <summary>Seconds as a scenario has them; no more digits than anybody reads.</summary>
    internal static string Format(double seconds) => GoDuration.Format(TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)));

    /// <summary>Seconds from a fault's begin to the turn of its i-th backend.</summary>
    private static double DelayOf(Fault fault, int i) => fault switch
    {
        RollingUpdate rolling => i / rolling.Batch * (rolling.Down + rolling.Pause),
        AddFault add => i * add.Every,
        RemoveFault remove => i * remove.Every,
        _ => 0,
    };

    // Whom a rolling update does not come to within its time was not meant to have a turn.
    private static bool IsLeftAlone(Fault fault, double at) => fault is RollingUpdate { For: { } length } && at >= fault.At + length;

    private static string KindOf(Fault fault) => fault switch
    {
        SlowFault => "slow",
        CrashFault { Every: null } => "crash",
        CrashFault => "flap",
        PauseFault => "pause",
        RollingUpdate => "rolling-update",
        AddFault => "add",
        _ => "remove",
    };
}
