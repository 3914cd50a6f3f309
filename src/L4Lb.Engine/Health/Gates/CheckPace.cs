using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Gates;

/// <summary>
/// Time from the start of one check to the start of the next: HAProxy's <c>inter</c>, <c>fastinter</c> and
/// <c>downinter</c>, and a tenth more or less of it by chance, so that checks begun together do not stay together. Pure.
/// </summary>
internal static class CheckPace
{
    private const double Jitter = 0.1;

    /// <param name="spec">The check.</param>
    /// <param name="gate">What it has come to.</param>
    internal static TimeSpan After(ProbeSpec spec, RiseFallGate gate) =>
        gate.Doubts > 0 ? spec.FastInterval ?? spec.Interval
        : gate.State == HealthState.Down ? spec.DownInterval ?? spec.Interval
        : spec.Interval;

    /// <param name="interval">Time wanted.</param>
    /// <param name="chance">0…1.</param>
    internal static TimeSpan Jittered(TimeSpan interval, double chance) => interval * (1 + (Jitter * ((2 * chance) - 1)));
}
