using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class LeastBandwidthSchedulerTests
{
    [Fact]
    public void Asks_for_bytes() => Assert.Equal(SchedulerSamples.Bytes, SchedulerRig.Equal("least-bandwidth", 1).Scheduler.Samples);

    [Fact]
    public void Picks_the_one_with_fewer_bytes_whatever_its_sessions()
    {
        var rig = Moved([1, 1], 70_000, 60_000).With(0, 100);

        Assert.All(rig.Picks(20), i => Assert.Equal(1, i));
    }

    [Fact]
    public void Weights_divide_the_bytes() => Assert.All(Moved([3, 1], 80_000, 30_000).Picks(20), i => Assert.Equal(0, i));

    [Fact]
    public void Idle_ones_share_by_weight()
    {
        int[] weights = [1, 4, 5];

        Binomial.Assert(weights, new SchedulerRig("least-bandwidth", weights, seed: 42).Counts(20_000));
    }

    [Fact]
    public void All_are_compared_when_that_is_asked() =>
        Assert.Equal(
            [2, 3, 1, 0],
            Moved([1, 1, 1, 1], [new SchedulerParameter("choices", "all")], 9_000, 8_000, 1_000, 5_000).Order());

    [Fact]
    public void What_moved_long_ago_is_forgotten()
    {
        var rig = Moved([1, 1], 1_000_000, 0);
        rig.NowMs = 100_000;
        rig.Scheduler.Observe(1, SchedulerSamples.Bytes, 1_000, rig.NowMs);

        Assert.Equal(0, rig.Pick());
    }

    // Sessions of two sizes, whose size nobody knows when they are opened: each backend carries its share of the bytes.
    [Fact]
    public void Bytes_even_out_over_sessions_of_any_size()
    {
        int[] weights = [1, 1, 2];
        var rig = new SchedulerRig("least-bandwidth", weights, seed: 5);
        var random = new Random(20240504);
        var moved = new double[3];
        for (var session = 0; session < 20_000; session++, rig.NowMs += 10)
        {
            var index = rig.Pick(session);
            var bytes = random.Next(10) == 0 ? 1_000_000 : 1_000;
            rig.Scheduler.Observe(index, SchedulerSamples.Bytes, bytes, rig.NowMs);
            moved[index] += bytes;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            Assert.InRange(moved[i] / moved.Sum(), weights[i] / 4.0 * 0.95, weights[i] / 4.0 * 1.05);
        }
    }

    private static SchedulerRig Moved(int[] weights, params int[] bytes) => Moved(weights, [], bytes);

    private static SchedulerRig Moved(int[] weights, SchedulerParameter[] parameters, params int[] bytes)
    {
        var rig = new SchedulerRig("least-bandwidth", weights, seed: 1, parameters);
        for (var i = 0; i < bytes.Length; i++)
        {
            rig.Scheduler.Observe(i, SchedulerSamples.Bytes, bytes[i], 0);
        }

        return rig;
    }
}
