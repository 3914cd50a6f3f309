using System.Net;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Tests.Control;

public sealed class ServiceEntryTests
{
    private readonly Dictionary<AddressKey, Backend> _backends = [];

    [Fact]
    public void A_backend_that_stays_is_the_same()
    {
        Reconcile(1, 2);
        var first = _backends[Key(1)];

        Assert.Equal([Key(2)], Reconcile(1, 3));

        Assert.Same(first, _backends[Key(1)]);
        Assert.False(first.IsRemoved);
    }

    [Fact]
    public void One_that_comes_back_while_a_session_holds_it_is_the_same()
    {
        Reconcile(1);
        var first = _backends[Key(1)];
        Assert.True(first.TryAcquire());

        Assert.Equal([Key(1)], Reconcile());
        Assert.True(first.IsRemoved);
        Assert.Empty(Reconcile());
        Assert.Empty(Reconcile(1));

        Assert.Same(first, _backends[Key(1)]);
        Assert.False(first.IsRemoved);
        first.Release();
    }

    [Fact]
    public void One_that_nobody_holds_is_forgotten_with_the_next_change()
    {
        Reconcile(1);
        Reconcile();

        Reconcile();

        Assert.Empty(_backends);
    }

    private static AddressKey Key(int host) => AddressKey.From(IPAddress.Parse($"10.0.0.{host}"), 80);

    private AddressKey[] Reconcile(params int[] hosts)
    {
        var spec = new ServiceSpec
        {
            Key = new ServiceKey("default", "web", "tcp"),
            Backends = [.. hosts.Select(host => new BackendSpec { Address = Key(host).ToIPEndPoint() })],
        };
        return [.. ServiceEntry.Reconcile(_backends, spec).Select(backend => backend.Address)];
    }
}
