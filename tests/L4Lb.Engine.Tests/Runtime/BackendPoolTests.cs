using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Runtime;

public sealed class BackendPoolTests
{
    private static readonly AddressKey s_a80 = AddressKey.FromIPv4(1, 80);
    private static readonly AddressKey s_b80 = AddressKey.FromIPv4(2, 80);
    private static readonly AddressKey s_b81 = AddressKey.FromIPv4(2, 81);

    [Fact]
    public void Finds_by_address_and_by_host()
    {
        var pool = Pool(indexed: true, s_a80, s_b80, s_b81);

        Assert.Equal([0, 1, 2], new[] { s_a80, s_b80, s_b81 }.Select(address => pool.IndexOf(address, hostOnly: false)));
        Assert.Equal(1, pool.IndexOf(AddressKey.FromIPv4(2, 9999), hostOnly: true));
        Assert.Equal(-1, pool.IndexOf(AddressKey.FromIPv4(2, 9999), hostOnly: false));
        Assert.Equal(-1, pool.IndexOf(AddressKey.FromIPv4(3, 80), hostOnly: true));
    }

    [Fact]
    public void Without_an_index_finds_nothing()
    {
        Assert.Equal(-1, Pool(indexed: false, s_a80).IndexOf(s_a80, hostOnly: false));
    }

    [Fact]
    public void Knows_when_nobody_may_serve()
    {
        Assert.True(Pool(indexed: true).IsEmpty);
        Assert.False(Pool(indexed: false, s_a80).IsEmpty);
    }

    [Fact]
    public void A_backend_takes_no_more_than_its_bound_and_counts_only_whom_it_took()
    {
        var backend = new Backend(s_a80);

        backend.Load.Bound(most: 1, resumeBelow: 0);
        Assert.True(backend.TryAcquire());
        Assert.False(backend.TryAcquire());
        backend.Load.Bound(most: 0, resumeBelow: 0);
        Assert.True(backend.TryAcquire());

        Assert.Equal((2, 2L), (backend.Load.Active, backend.Total));
    }

    private static BackendPool Pool(bool indexed, params AddressKey[] addresses)
    {
        Backend[] backends = [.. addresses.Select(address => new Backend(address))];
        Candidate[] candidates = [.. backends.Select(backend => new Candidate(backend.Address, 1, backend.Load))];
        return new BackendPool(backends, [.. backends.Select(_ => 1)], SchedulerCatalog.Build(SchedulerSpec.RoundRobin, candidates, new SchedulerMemory(1)), indexed);
    }
}
