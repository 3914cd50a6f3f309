using L4Lb.Engine.Metrics;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Metrics;

public sealed class PerShardTests
{
    [Fact]
    public void A_shard_keeps_its_own()
    {
        var counters = new PerShard<TrafficCounters>();

        var (third, first) = (counters.Of(2), counters.Of(0));

        Assert.NotSame(first, third);
        Assert.Same(third, counters.Of(2));
        Assert.Same(first, counters.Of(0));
        Assert.Equal(2, counters.All.Count());
    }

    [Fact]
    public async Task Many_that_ask_at_once_get_the_same()
    {
        for (var round = 0; round < 200; round++)
        {
            var counters = new PerShard<TrafficCounters>();
            using var start = new Barrier(4);
            var got = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return (Shard: i % 2, Counters: counters.Of(i % 2));
                },
                TaskCreationOptions.LongRunning)));

            Assert.All(got, one => Assert.Same(counters.Of(one.Shard), one.Counters));
            Assert.Equal(2, counters.All.Count());
        }
    }

    [Fact]
    public void There_is_room_for_every_reason() =>
        Assert.All(Enum.GetValues<CloseReason>(), reason => Assert.InRange((int)reason, 0, ServiceCounters.ReasonsMost - 1));
}
