using System.Diagnostics;
using L4Lb.Engine.Relaying;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// Tells a scheduler what one session meets at its backend. Made only for schedulers that ask. Shard thread only.
/// </summary>
internal sealed class SessionSamples : IRelayObserver
{
    // Bytes, and milliseconds, after which the scheduler is told of what was relayed: a message costs an addition, and
    // a slow flow is still told of in time to count in an average over seconds.
    private const int ReportBytes = 64 * 1024;
    private const int ReportMs = 500;

    // Waits in vain that are told of, in microseconds. Shorter ones only look fast; of longer ones there is no more to say.
    private const long VainLeast = 1_000_000;
    private const long VainMost = 5_000_000;

    // Immutable.
    private readonly IScheduler _scheduler;
    private readonly int _index;
    private readonly IShardClock _clock;
    private readonly bool _repeats;
    private readonly bool _countsBytes;

    // Shard thread only.
    private bool _awaitsFirstByte;
    private bool _asked;
    private long _askedAt = Stopwatch.GetTimestamp();
    private long _bytes;
    private long _reportedMs;

    private SessionSamples(IScheduler scheduler, int index, IShardClock clock, bool repeats)
    {
        (_scheduler, _index, _clock, _reportedMs) = (scheduler, index, clock, clock.NowMs);
        _countsBytes = (scheduler.Samples & SchedulerSamples.Bytes) != 0;
        _repeats = repeats && (scheduler.Samples & SchedulerSamples.FirstByteTime) != 0;
        _awaitsFirstByte = (scheduler.Samples & SchedulerSamples.FirstByteTime) != 0;
    }

    /// <summary>For a session that is connected now; null when its scheduler does not care what comes next.</summary>
    /// <param name="scheduler">Whoever chose the backend.</param>
    /// <param name="index">The backend.</param>
    /// <param name="clock">The shard's.</param>
    /// <param name="repeats">Every answer counts, as between datagrams, rather than the first alone.</param>
    internal static SessionSamples? For(IScheduler scheduler, int index, IShardClock clock, bool repeats = false) =>
        (scheduler.Samples & (SchedulerSamples.FirstByteTime | SchedulerSamples.Bytes)) == 0
            ? null
            : new SessionSamples(scheduler, index, clock, repeats);

    /// <summary>
    /// A connect has succeeded, or was given up for the time it took, which is the least that it would have taken. A
    /// refusal says nothing about time.
    /// </summary>
    /// <param name="scheduler">Whoever chose the backend.</param>
    /// <param name="index">The backend.</param>
    /// <param name="begunAt">When it began, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="nowMs">Now.</param>
    internal static void Connected(IScheduler scheduler, int index, long begunAt, long nowMs)
    {
        if ((scheduler.Samples & SchedulerSamples.ConnectTime) != 0)
        {
            scheduler.Observe(index, SchedulerSamples.ConnectTime, MicrosSince(begunAt), nowMs);
        }
    }

    public void Received(int bytes, bool fromClient)
    {
        if (_awaitsFirstByte || (_repeats && fromClient))
        {
            if (fromClient)
            {
                _awaitsFirstByte = true;
                (_asked, _askedAt) = (true, Stopwatch.GetTimestamp());
            }
            else
            {
                (_awaitsFirstByte, _asked) = (false, false);
                ReportFirstByte(MicrosSince(_askedAt));
            }
        }

        if (_countsBytes)
        {
            _bytes += bytes;
            if (_bytes >= ReportBytes || _clock.NowMs - _reportedMs >= ReportMs)
            {
                ReportBytesNow();
            }
        }
    }

    /// <summary>
    /// The relay is over. A backend that was asked and has not answered took at least as long as it was waited for:
    /// were that not told, one that hangs would look better and better, for want of samples.
    /// </summary>
    internal void End()
    {
        if (_awaitsFirstByte && _asked && MicrosSince(_askedAt) is >= VainLeast and var waited)
        {
            ReportFirstByte(Math.Min(waited, VainMost));
        }

        if (_bytes > 0)
        {
            ReportBytesNow();
        }
    }

    private static long MicrosSince(long timestamp) => (long)Stopwatch.GetElapsedTime(timestamp).TotalMicroseconds;

    private void ReportFirstByte(long micros) =>
        _scheduler.Observe(_index, SchedulerSamples.FirstByteTime, micros, _clock.NowMs);

    private void ReportBytesNow()
    {
        _scheduler.Observe(_index, SchedulerSamples.Bytes, _bytes, _clock.NowMs);
        (_bytes, _reportedMs) = (0, _clock.NowMs);
    }
}
