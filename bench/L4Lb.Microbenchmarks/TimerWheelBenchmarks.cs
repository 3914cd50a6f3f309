using BenchmarkDotNet.Attributes;
using L4Lb.Engine.Shards;

namespace L4Lb.Microbenchmarks;

/// <summary>The timers of a shard with many sessions: arming and cancelling one, and a turn of the loop.</summary>
[MemoryDiagnoser]
public class TimerWheelBenchmarks
{
    private readonly TimerWheel _wheel = new(0);
    private readonly Timer _timer = new();
    private long _nowMs;

    [Params(0, 100_000)]
    public int ArmedTimers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < ArmedTimers; i++)
        {
            _wheel.Schedule(new Timer(), (1L << 40) + random.Next(3_600_000));
        }
    }

    /// <summary>A connect timeout that is not needed.</summary>
    [Benchmark]
    public bool ScheduleAndCancel()
    {
        _wheel.Schedule(_timer, _nowMs + 250);
        return _wheel.Cancel(_timer);
    }

    /// <summary>A turn of the loop 1 ms later in which one timer is due.</summary>
    [Benchmark]
    public int AdvanceWithOneDue()
    {
        _wheel.Schedule(_timer, _nowMs + 1);
        return _wheel.Advance(++_nowMs);
    }

    /// <summary>A turn of the loop 1 ms later in which nothing is due.</summary>
    [Benchmark]
    public int AdvanceWithNoneDue() => _wheel.Advance(++_nowMs);

    [Benchmark]
    public int NextDue() => _wheel.NextDueMs(_nowMs);

    private sealed class Timer : WheelTimer
    {
        protected internal override void OnDue(long nowMs)
        {
        }
    }
}
