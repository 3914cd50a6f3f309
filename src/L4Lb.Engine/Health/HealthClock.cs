namespace L4Lb.Engine.Health;

/// <summary>The time of the health monitor. Any thread.</summary>
internal sealed class HealthClock(TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>Monotonic milliseconds since the start.</summary>
    internal long NowMs => (long)time.GetElapsedTime(_startedAt).TotalMilliseconds;

    internal DateTime UtcNow => time.GetUtcNow().UtcDateTime;

    /// <summary>Makes the timers and deadlines.</summary>
    internal TimeProvider Time => time;
}
