using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class LeastTimeSchedulerTests
{
    [Theory]
    [InlineData(0, 0, 20)]
    [InlineData(19_999, 0, 20)]
    [InlineData(20_000, 0, 40)]
    [InlineData(4_999_000, 0, 5_000)]
    [InlineData(5_001_000, 0, 5_000)]
    [InlineData(3_600_000_000, 0, 5_000)]
    [InlineData(100_000, 10_000, 120)]
    [InlineData(100_000, 10_001, 60)]
    [InlineData(100_000, 20_002, 40)]
    [InlineData(100_000, int.MaxValue, 20)]
    public void Times_count_in_classes_that_fall_with_silence(float micros, int idleMs, int expected) =>
        Assert.Equal(expected, LeastTimeScheduler.ClassMs(micros, idleMs, 10_000));

    [Fact]
    public void Picks_the_faster_class() =>
        Assert.All(Sampled([1, 1, 1], 45, 25, 70).Picks(20), i => Assert.Equal(1, i));

    [Fact]
    public void Those_who_cost_the_same_take_turns_by_weight()
    {
        // 60 / 3, 20 / 1, 40 / 1.
        var counts = Sampled([3, 1, 1], 45, 15, 35).Counts(1000);

        Assert.InRange(counts[0], 745, 755);
        Assert.InRange(counts[1], 245, 255);
    }

    [Fact]
    public void Sessions_multiply_the_time()
    {
        var rig = Sampled([1, 1], 10, 30);
        Assert.Equal(0, rig.Pick());

        // 20 × 3 is more than 40 × 1.
        Assert.Equal(1, rig.With(2, 0).Pick());
    }

    [Fact]
    public void Weights_divide_it() => Assert.All(Sampled([3, 1], 50, 30).Picks(20), i => Assert.Equal(0, i));

    [Fact]
    public void Open_sessions_of_unmeasured_ones_spread_by_weight()
    {
        Assert.Equal([400, 300, 200], new SchedulerRig("least-time", [4, 3, 2]).Hold(900));
    }

    [Fact]
    public void A_slow_one_gets_another_chance()
    {
        var rig = Sampled([1, 1], 300, 90);
        Assert.Equal(1, rig.Pick());

        rig.NowMs = 21_000;
        rig.Scheduler.Observe(1, SchedulerSamples.FirstByteTime, 90_000, rig.NowMs);

        // 300 ms count as 75 ms, a class of 80; the other is in the class of 100.
        Assert.Equal(0, rig.Pick());
    }

    [Fact]
    public void Connect_times_count_when_they_are_asked_for()
    {
        var rig = new SchedulerRig("least-time", [1, 1], seed: 1, new SchedulerParameter("sample", "connect"));
        Assert.Equal(SchedulerSamples.ConnectTime, rig.Scheduler.Samples);

        rig.Scheduler.Observe(0, SchedulerSamples.ConnectTime, 100_000, 0);

        Assert.All(rig.Picks(20), i => Assert.Equal(1, i));
    }

    [Fact]
    public void Both_is_no_sample_of_it() =>
        Assert.Contains(
            "expected one of connect, first-byte",
            SchedulerCatalog.Validate(new SchedulerSpec("least-time", [new SchedulerParameter("sample", "both")])),
            StringComparison.Ordinal);

    [Fact]
    public void A_retry_goes_to_the_next_least() => Assert.Equal([1, 0, 2], Sampled([1, 1, 1], 45, 25, 70).Order());

    private static SchedulerRig Sampled(int[] weights, params int[] ms)
    {
        var rig = new SchedulerRig("least-time", weights);
        for (var i = 0; i < ms.Length; i++)
        {
            rig.Scheduler.Observe(i, SchedulerSamples.FirstByteTime, ms[i] * 1000, 0);
        }

        return rig;
    }
}
