using System.Net;
using L4Lb.Host.Addresses;

namespace L4Lb.Host.Tests.Addresses;

/// <summary>An interface in memory.</summary>
internal sealed class FakeInterface : IInterfaceAddresses
{
    public HashSet<IPAddress> Present { get; } = [];

    public int AddResult { get; set; }

    public int ListResult { get; set; }

    public Action<IPAddress> OnAdd { get; set; } = _ => { };

    public string Interface => "vip0";

    public int Add(IPAddress address)
    {
        OnAdd(address);
        return AddResult != 0 ? AddResult : Present.Add(address) ? 0 : 17;
    }

    public int Remove(IPAddress address) => Present.Remove(address) ? 0 : 99;

    public int List(ISet<IPAddress> addresses)
    {
        addresses.UnionWith(Present);
        return ListResult;
    }
}
