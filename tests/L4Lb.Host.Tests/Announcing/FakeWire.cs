using System.Collections.Concurrent;
using System.Net;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

/// <summary>A wire that goes nowhere: notes what was sent, and says what the test wants.</summary>
internal sealed class FakeWire : IWire
{
    private (bool IsUp, long Changes) _link = (true, 0);

    public event Action<Claim>? Heard;

    public event Action? Changed;

    public (bool IsUp, long Changes) Link => _link;

    public ConcurrentQueue<(string What, IPAddress Address)> Sent { get; } = [];

    public ConcurrentDictionary<IPAddress, bool> Watched { get; } = [];

    public bool IsDisposed { get; private set; }

    public int Count(string what) => Sent.Count(s => s.What == what);

    public void Say(Claim claim) => Heard?.Invoke(claim);

    public void SetUp(bool isUp)
    {
        _link = (isUp, _link.Changes + 1);
        Changed?.Invoke();
    }

    public void Watch(IPAddress address) => Assert.True(Watched.TryAdd(address, true));

    public void Unwatch(IPAddress address) => Assert.True(Watched.TryRemove(address, out _));

    public void Probe(IPAddress address) => Sent.Enqueue(("probe", address));

    public void Announce(IPAddress address) => Sent.Enqueue(("announce", address));

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
