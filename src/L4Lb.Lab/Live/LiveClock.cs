using System.Diagnostics;
using L4Lb.Lab.Simulation;

namespace L4Lb.Lab.Live;

/// <summary>Real time as the scenario counts it: nanoseconds since the start of the run, stretched by a factor. Thread-safe.</summary>
/// <param name="scale">Real seconds of a second of the scenario.</param>
internal sealed class LiveClock(double scale)
{
    private const long RealNanosMost = 1_000_000_000;

    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Nanoseconds of the scenario since the start.</summary>
    internal long Now => (long)(Stopwatch.GetElapsedTime(_start).Ticks * 100.0 / scale);

    /// <summary>Real nanoseconds to wait for a time of the scenario, at most a second.</summary>
    internal long NanosUntil(long time) =>
        time == long.MaxValue ? RealNanosMost : (long)Math.Clamp((time - Now) * scale, 0, RealNanosMost);

    /// <summary>A difference of two times of the scenario in real microseconds.</summary>
    internal double RealMicros(long nanos) => nanos * scale / VirtualTime.PerMicrosecond;
}
