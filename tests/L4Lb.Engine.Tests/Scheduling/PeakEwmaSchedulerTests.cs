using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class PeakEwmaSchedulerTests
{
    private const SchedulerSamples Connect = SchedulerSamples.ConnectTime;
    private const SchedulerSamples FirstByte = SchedulerSamples.FirstByteTime;

    [Fact]
    public void Picks_the_faster()
    {
        var rig = Rig([1, 1]);
        rig.Scheduler.Observe(0, Connect, 5_000, 0);
        rig.Scheduler.Observe(1, Connect, 2_000, 0);

        Assert.All(rig.Picks(20), i => Assert.Equal(1, i));
    }

    // tower's compounding test (decay 1 s): 20 ms assumed; a session doubles it; a sample of 200 ms beside a session is
    // 400 ms, without it 200 ms, below 100 ms after a second, below 0.1 ms after ten. Told apart by what it is compared to.
    [Fact]
    public void Cost_is_estimate_times_sessions_and_fades_as_published()
    {
        var rig = Rig([1, 1], ("decay", "1s"), ("default", "20ms"));
        AssertCost(rig, 0, 20_000);

        rig.Candidates[0].Load.Acquire();
        AssertCost(rig, 0, 40_000);

        rig.Scheduler.Observe(0, Connect, 200_000, 0);
        AssertCost(rig, 0, 400_000);

        rig.Candidates[0].Load.Release();
        AssertCost(rig, 0, 200_000);

        rig.NowMs = 1_000;
        AssertCost(rig, 0, 73_576);

        rig.NowMs = 10_000;
        AssertCost(rig, 0, 9);
    }

    [Fact]
    public void Weights_divide_the_cost()
    {
        var rig = Rig([3, 1]);
        rig.Scheduler.Observe(0, Connect, 9_000, 0);
        rig.Scheduler.Observe(1, Connect, 4_000, 0);

        Assert.All(rig.Picks(20), i => Assert.Equal(0, i));
        Assert.Equal([600, 200], Rig([3, 1]).Hold(800));
    }

    [Fact]
    public void Both_is_the_sum_of_connect_and_first_byte()
    {
        var rig = new SchedulerRig("ewma", [1, 1, 1], seed: 1, new SchedulerParameter("choices", "all"));
        Assert.Equal(Connect | FirstByte, rig.Scheduler.Samples);
        foreach (var (index, connect, firstByte) in new[] { (0, 9_000, 2_000), (1, 1_000, 9_000), (2, 6_000, 6_000) })
        {
            rig.Scheduler.Observe(index, Connect, connect, 0);
            rig.Scheduler.Observe(index, FirstByte, firstByte, 0);
        }

        Assert.Equal([1, 0, 2], rig.Order());
    }

    [Theory]
    [InlineData("connect", SchedulerSamples.ConnectTime)]
    [InlineData("first-byte", SchedulerSamples.FirstByteTime)]
    public void Asks_only_for_what_it_uses(string sample, SchedulerSamples samples) =>
        Assert.Equal(samples, Rig([1], ("sample", sample)).Scheduler.Samples);

    [Fact]
    public void A_slow_one_is_tried_again_once_its_peak_has_faded()
    {
        var rig = Rig([1, 1]);
        rig.Scheduler.Observe(0, Connect, 1_000_000, 0);
        rig.Scheduler.Observe(1, Connect, 10_000, 0);
        Assert.All(rig.Picks(20), i => Assert.Equal(1, i));

        // e^-5 of a second is 6.7 ms; the other is measured all the time.
        rig.NowMs = 50_000;
        rig.Scheduler.Observe(1, Connect, 10_000, rig.NowMs);

        Assert.All(rig.Picks(20), i => Assert.Equal(0, i));
    }

    [Fact]
    public void A_new_one_is_tried_although_more_is_assumed_than_others_take()
    {
        var rig = Rig([1, 1]);
        rig.Scheduler.Observe(1, Connect, 1_000, 0);
        Assert.Equal(1, rig.Pick());

        rig.NowMs = 60_000;
        rig.Scheduler.Observe(1, Connect, 1_000, rig.NowMs);

        Assert.Equal(0, rig.Pick());
    }

    [Fact]
    public void What_was_learned_survives_a_reload()
    {
        var rig = Rig([1, 1]);
        rig.Scheduler.Observe(0, Connect, 500_000, 0);

        var reloaded = SchedulerCatalog.Build(
            new SchedulerSpec("ewma", [new SchedulerParameter("sample", "connect")]), rig.Candidates, new SchedulerMemory(9));

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(1, reloaded.Next(SchedulerRig.Flow(), default, 0)));
    }

    [Fact]
    public void Among_equals_open_sessions_spread_as_evenly_as_two_choices_can()
    {
        var active = new SchedulerRig("ewma", [.. Enumerable.Repeat(1, 100)], seed: 3).Hold(5_000);

        Assert.InRange(active.Max() - 50, 0, 4);
    }

    /// <summary>The cost of a candidate lies between those of a second one that was sampled a little below and above.</summary>
    private static void AssertCost(SchedulerRig rig, int index, long micros)
    {
        foreach (var (sample, expected) in new[] { (micros - (micros / 50) - 2, 1), (micros + (micros / 50) + 2, 0) })
        {
            rig.Candidates[1].Load.PeakConnectTime = default;
            rig.Scheduler.Observe(1, Connect, sample, rig.NowMs);
            Assert.Equal(expected == 0 ? index : 1, rig.Pick());
        }
    }

    private static SchedulerRig Rig(int[] weights, params (string Name, string Value)[] parameters) => new(
        "ewma", weights, seed: 1,
        [.. parameters.Append((Name: "sample", Value: "connect")).DistinctBy(p => p.Name).Select(p => new SchedulerParameter(p.Name, p.Value))]);
}
