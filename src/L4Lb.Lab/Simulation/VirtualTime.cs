namespace L4Lb.Lab.Simulation;

/// <summary>
/// The time of a run, in nanoseconds. The engine's parts get it as they get real time: in whole milliseconds where they go by
/// a shard's clock. For one thread.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    internal const long PerSecond = 1_000_000_000;
    internal const long PerMillisecond = 1_000_000;
    internal const double PerMicrosecond = 1000;

    /// <summary>Now.</summary>
    internal long Now { get; set; }

    /// <summary>Now as a shard's clock would show it.</summary>
    internal long NowMs => Now / PerMillisecond;

    public override long TimestampFrequency => PerSecond;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Now / 100);

    internal static long Of(double seconds) => (long)Math.Round(seconds * PerSecond);

    internal static long Of(TimeSpan time) => time.Ticks * 100;
}
