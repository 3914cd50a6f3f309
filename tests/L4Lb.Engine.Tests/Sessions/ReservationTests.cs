using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Tests.Datagrams;

namespace L4Lb.Engine.Tests.Sessions;

public sealed class ReservationTests
{
    [Fact]
    public void Takes_the_next_in_the_order_of_the_pick()
    {
        var (pool, pick) = Pool(1, 1, 1);

        Assert.Equal([0, 1, 2, -1], Enumerable.Range(0, 4).Select(_ => Take(pool, ref pick).Index));
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(1, pool[i].Load.Active));
    }

    [Fact]
    public void A_full_one_is_passed_over_and_is_not_tried()
    {
        var (pool, pick) = Pool(1, 1);
        Fill(pool[0]);

        Assert.Equal(new Reservation(1, IsFull: false, PreferredWasFull: false), Take(pool, ref pick));
        Assert.Equal(new Reservation(-1, IsFull: true, PreferredWasFull: false), Take(pool, ref pick));
        pool[0].Release();
        Assert.Equal(0, Take(pool, ref pick).Index);
        Assert.Equal(new Reservation(-1, IsFull: false, PreferredWasFull: false), Take(pool, ref pick));
    }

    [Fact]
    public void Who_is_preferred_comes_first_and_if_full_is_told_of()
    {
        var (pool, pick) = Pool(1, 1);
        pick.Prefer(1);
        Assert.Equal(1, Take(pool, ref pick, preferred: 1).Index);

        (pool, pick) = Pool(1, 1);
        pick.Prefer(1);
        Fill(pool[1]);
        Assert.Equal(new Reservation(0, IsFull: false, PreferredWasFull: true), Take(pool, ref pick, preferred: 1));
    }

    [Fact]
    public void Who_waits_for_his_own_gets_nobody_else()
    {
        var (pool, pick) = Pool(1, 1);
        pick.Prefer(1);
        Fill(pool[1]);

        Assert.Equal(new Reservation(-1, IsFull: true, PreferredWasFull: true), Take(pool, ref pick, preferred: 1, waits: true));
        Assert.Equal(0, pool[0].Load.Active);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Who_failed_is_neither_picked_nor_preferred(int weight)
    {
        var (pool, pick) = Pool(weight, 1, 1);
        var preferred = 0;
        Reservation.Exclude([pool[0], pool[2], new Backend(AddressKey.FromIPv4(1, 1))], pool, ref pick, ref preferred);
        Assert.Equal(-1, preferred);
        Assert.Equal([1, -1], Enumerable.Range(0, 2).Select(_ => Take(pool, ref pick).Index));

        preferred = 1;
        Reservation.Exclude(null, pool, ref pick, ref preferred);
        Assert.Equal(1, preferred);
    }

    private static Reservation Take(BackendPool pool, ref SchedulePick pick, int preferred = -1, bool waits = false) =>
        Reservation.Take(pool, ref pick, preferred, waits, nowMs: 0);

    private static void Fill(Backend backend)
    {
        backend.Load.Bound(most: 1, resumeBelow: 0);
        Assert.True(backend.TryAcquire());
    }

    private static (BackendPool Pool, SchedulePick Pick) Pool(params int[] weights)
    {
        var backends = weights.Select((weight, i) => ServiceRig.At(9001 + i, weight));
        var pool = new ServiceRig(ServiceRig.Spec53() with { Backends = [.. backends] }).Service.Snapshot.Cluster;
        return (pool, new SchedulePick(pool.Scheduler, default));
    }
}
