using System.Collections.Concurrent;
using System.Net;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

/// <summary>Leases that come and go when the test says so.</summary>
internal sealed class FakeLeases(bool isGenerous = true) : IAddressLeases
{
    public event Action<IPAddress, LeaseReport>? Changed;

    public bool IsExclusive => true;

    public ConcurrentDictionary<IPAddress, bool> Wanted { get; } = [];

    public void Say(IPAddress address, LeaseState state, string? holder = null) => Changed?.Invoke(address, new LeaseReport(state, holder));

    public void Want(IPAddress address)
    {
        Assert.True(Wanted.TryAdd(address, true));
        if (isGenerous)
        {
            Say(address, LeaseState.Held, "this");
        }
    }

    public void Release(IPAddress address) => Assert.True(Wanted.TryRemove(address, out _));
}
