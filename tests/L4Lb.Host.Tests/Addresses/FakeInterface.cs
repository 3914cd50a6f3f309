using System.Collections.Concurrent;
using System.Net;
using L4Lb.Host.Addresses;

namespace L4Lb.Host.Tests.Addresses;

/// <summary>An interface in memory.</summary>
internal sealed class FakeInterface : IInterfaceAddresses
{
    public HashSet<IPAddress> Present { get; } = [];

    /// <summary>Those that go by themselves, and after how many seconds.</summary>
    public ConcurrentDictionary<IPAddress, int> Lifetimes { get; } = [];

    public int AddResult { get; set; }

    public int ListResult { get; set; }

    public Action<IPAddress> OnAdd { get; set; } = _ => { };

    public string Interface => "vip0";

    public int Add(IPAddress address)
    {
        OnAdd(address);
        return AddResult != 0 ? AddResult : Present.Add(address) ? 0 : 17;
    }

    public int Put(IPAddress address, int lifetimeSeconds)
    {
        OnAdd(address);
        Lifetimes[address] = lifetimeSeconds;
        return AddResult;
    }

    public int Remove(IPAddress address) => Present.Remove(address) | Lifetimes.TryRemove(address, out _) ? 0 : 99;

    public int List(ISet<IPAddress> addresses)
    {
        addresses.UnionWith(Present);
        return ListResult;
    }
}
