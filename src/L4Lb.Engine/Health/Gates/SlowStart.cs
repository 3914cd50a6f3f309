using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Gates;

/// <summary>
/// How much of its weight a backend has that came up a while ago: Envoy's formula (arch_overview/upstream/load_balancing/
/// slow_start), max(minimum, (age / window) ^ (1 / aggression)). Pure.
/// </summary>
internal static class SlowStart
{
    /// <summary>Share of the weight, 0…1.</summary>
    internal static double Factor(SlowStartSpec spec, TimeSpan age) => age >= spec.Window
        ? 1
        : Math.Max(spec.MinimumPercent / 100.0, Math.Pow(age / spec.Window, 1 / spec.Aggression));

    /// <summary>Time between two steps: a second, or a twentieth of a short window.</summary>
    internal static TimeSpan Step(SlowStartSpec spec) =>
        TimeSpan.FromMilliseconds(Math.Clamp(spec.Window.TotalMilliseconds / 20, 10, 1000));
}
