using System.Diagnostics;
using L4Lb.DatagramLoad.Interop;

namespace L4Lb.DatagramLoad;

/// <summary>
/// The times of an open loop: so many datagrams a second, whether or not answers come. The sender wakes at most every
/// 100 µs, since more often would take the core from those that it measures.
/// </summary>
internal sealed unsafe class Pace
{
    private const long TickNs = 100_000;

    /// <summary>
    /// A sender that was kept from its core for longer than this does not make up for it: the burst would fill the
    /// receive buffers, and the loss be that of the pause.
    /// </summary>
    private const double LongestBurstSeconds = 0.002;

    private readonly double _perNs;
    private readonly long _longestBurst;
    private readonly int _multiple;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _done;

    /// <param name="rate">Datagrams per second.</param>
    /// <param name="multiple">Datagrams come in multiples of this.</param>
    public Pace(double rate, int multiple = 1)
    {
        _perNs = rate / 1e9;
        _multiple = multiple;
        _longestBurst = Math.Max(multiple, (long)(rate * LongestBurstSeconds));

        // Timers otherwise fire up to 50 µs late, to save power.
        _ = Libc.ProcessControl(Constants.PR_SET_TIMERSLACK, 1, 0, 0, 0);
    }

    /// <summary>Waits until a datagram is due. Returns how many are, or 0 at the end.</summary>
    /// <param name="end">When to stop, as <see cref="Stopwatch.GetTimestamp"/> tells time, which is in nanoseconds on Linux.</param>
    public int Wait(long end)
    {
        while (Stopwatch.GetTimestamp() is var now && now < end)
        {
            var due = (long)((now - _start) * _perNs) - _done;
            if (due >= _multiple)
            {
                var give = Math.Min(due, _longestBurst);
                give -= give % _multiple;
                _done += due > _longestBurst ? due : give;
                return (int)give;
            }

            SleepUntil(Math.Min(end, Math.Max(now + TickNs, _start + (long)((_done + _multiple) / _perNs))));
        }

        return 0;
    }

    private static void SleepUntil(long timestamp)
    {
        var until = new TimeSpec { Seconds = timestamp / 1_000_000_000, Nanoseconds = timestamp % 1_000_000_000 };
        _ = Libc.Sleep(Constants.CLOCK_MONOTONIC, Constants.TIMER_ABSTIME, &until, null);
    }
}
