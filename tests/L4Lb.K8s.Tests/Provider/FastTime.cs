namespace L4Lb.K8s.Tests.Provider;

/// <summary>Time that passes a thousand times as fast: what waits for seconds waits for milliseconds.</summary>
internal sealed class FastTime : TimeProvider
{
    private const int Factor = 1000;

    private readonly long _start = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => (System.GetTimestamp() - _start) * Factor;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + GetElapsedTime(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shortened(dueTime), Shortened(period));

    private static TimeSpan Shortened(TimeSpan time) => time <= TimeSpan.Zero ? time : time / Factor;
}
