using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Tests.Shards;

public sealed class TimerWheelTests
{
    private readonly List<string> _fired = [];

    [Fact]
    public void An_empty_wheel_waits_for_ever()
    {
        var wheel = new TimerWheel(0);

        Assert.Equal(-1, wheel.NextDueMs(0));
        Assert.Equal(0, wheel.Advance(1_000_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(4_096)]
    [InlineData(250_000)]
    [InlineData(86_400_000)]
    [InlineData(long.MaxValue / 2)]
    public void Fires_exactly_when_due(long delayMs)
    {
        foreach (var startMs in new[] { 0L, 63L, 12_345_678L, (1L << 36) - 1 })
        {
            var wheel = new TimerWheel(startMs);
            var timer = Timer("a");
            wheel.Schedule(timer, startMs + delayMs);

            Assert.Equal(0, wheel.Advance(startMs + delayMs - 1));
            Assert.Equal(1, wheel.Advance(startMs + delayMs));
            Assert.False(timer.IsArmed);
            Assert.Equal(0, wheel.Count);
        }
    }

    [Fact]
    public void Fires_all_due_in_order_of_due_time()
    {
        var wheel = new TimerWheel(0);
        foreach (var dueMs in new[] { 5000, 3, 70, 64, 4097, 1 })
        {
            wheel.Schedule(Timer($"{dueMs}"), dueMs);
        }

        Assert.Equal(5, wheel.Advance(4999));
        Assert.Equal(["1", "3", "64", "70", "4097"], _fired);
    }

    [Fact]
    public void What_is_due_already_fires_with_the_next_tick()
    {
        var wheel = new TimerWheel(100);
        wheel.Schedule(Timer("a"), 50);

        Assert.Equal(1, wheel.NextDueMs(100));
        Assert.Equal(1, wheel.Advance(101));
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire()
    {
        var wheel = new TimerWheel(0);
        var timer = Timer("a");
        wheel.Schedule(timer, 10);

        Assert.True(wheel.Cancel(timer));
        Assert.False(wheel.Cancel(timer));
        Assert.Equal(-1, wheel.NextDueMs(0));
        Assert.Equal(0, wheel.Advance(20));
    }

    [Fact]
    public void Arming_anew_moves_a_timer()
    {
        var wheel = new TimerWheel(0);
        var timer = Timer("a");
        wheel.Schedule(timer, 10);
        wheel.Schedule(timer, 5000);

        Assert.Equal(1, wheel.Count);
        Assert.Equal(0, wheel.Advance(4999));
        Assert.Equal(1, wheel.Advance(5000));
    }

    [Fact]
    public void A_callback_may_arm_itself_again_and_waits_for_a_later_turn()
    {
        var wheel = new TimerWheel(0);
        TestTimer? timer = null;
        timer = Timer("a", nowMs => wheel.Schedule(timer!, nowMs - 10));
        wheel.Schedule(timer, 1);

        Assert.Equal(1, wheel.Advance(1000));
        Assert.Equal(0, wheel.Advance(1000));
        Assert.Equal(1, wheel.Advance(1001));
    }

    [Fact]
    public void A_callback_may_cancel_others_that_are_due_in_the_same_turn()
    {
        var wheel = new TimerWheel(0);
        var later = Timer("later");
        var peers = new List<TestTimer>();
        void CancelAll(long _) => peers.ForEach(peer => wheel.Cancel(peer));
        peers.AddRange([Timer("a", CancelAll), Timer("b", CancelAll), Timer("c", CancelAll), later]);
        peers[..3].ForEach(peer => wheel.Schedule(peer, 7));
        wheel.Schedule(later, 8);

        Assert.Equal(1, wheel.Advance(100));
        Assert.Equal(0, wheel.Count);
        Assert.Equal(-1, wheel.NextDueMs(100));
    }

    [Fact]
    public void A_callback_that_throws_costs_the_others_nothing()
    {
        var wheel = new TimerWheel(0);
        wheel.Schedule(Timer("a", _ => throw new InvalidOperationException()), 5);
        wheel.Schedule(Timer("b", _ => throw new InvalidOperationException()), 5);
        wheel.Schedule(Timer("c"), 500);

        Assert.Throws<InvalidOperationException>(() => wheel.Advance(5));
        Assert.Equal(0, wheel.NextDueMs(5));
        Assert.Throws<InvalidOperationException>(() => wheel.Advance(5));
        Assert.Equal(1, wheel.Advance(500));
        Assert.Equal(3, _fired.Count);
    }

    [Fact]
    public void Waiting_as_told_meets_every_due_time_in_few_turns()
    {
        var wheel = new TimerWheel(0);
        wheel.Schedule(Timer("hour"), 3_600_000);
        var (nowMs, turns) = (0L, 0);

        while (wheel.Count > 0)
        {
            nowMs += wheel.NextDueMs(nowMs);
            wheel.Advance(nowMs);
            turns++;
        }

        Assert.Equal(3_600_000, nowMs);
        Assert.InRange(turns, 1, 4);
    }

    [Fact]
    public void Arming_cancelling_and_firing_allocate_nothing()
    {
        var wheel = new TimerWheel(0);
        var timer = Timer("a", log: false);
        Turn(wheel, timer, 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 100; i++)
        {
            Turn(wheel, timer, i * 10_000L);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Turn(TimerWheel wheel, TestTimer timer, long nowMs)
    {
        wheel.Schedule(timer, nowMs + 300);
        wheel.Cancel(timer);
        wheel.Schedule(timer, nowMs + 5000);
        wheel.Advance(nowMs + 6000);
    }

    private TestTimer Timer(string name, Action<long>? then = null, bool log = true) => new(nowMs =>
    {
        if (log)
        {
            _fired.Add(name);
        }

        then?.Invoke(nowMs);
    });
}
