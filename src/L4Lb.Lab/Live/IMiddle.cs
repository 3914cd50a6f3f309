using L4Lb.Engine.Desired;

namespace L4Lb.Lab.Live;

/// <summary>What is between the clients and the backends of a live run. Called on the run's thread: must not block.</summary>
internal interface IMiddle
{
    /// <summary>What clients address.</summary>
    AddressKey Address { get; }

    /// <summary>Clients may come from any loopback address.</summary>
    bool SeesClients { get; }

    /// <summary>From now on these belong to the service.</summary>
    void Apply(IEnumerable<(int Id, BackendSpec Spec)> present);

    /// <summary>Ids of those that may be picked, asked at the end of the warm-up (<paramref name="isFirst"/>) and of each step.</summary>
    HashSet<int> Eligible(IEnumerable<LiveBackend> present, bool isFirst);
}

/// <summary>Another balancer, of which nobody here knows what it thinks.</summary>
/// <param name="address">Where it is.</param>
internal sealed class OtherMiddle(AddressKey address) : IMiddle
{
    public AddressKey Address => address;

    public bool SeesClients => address.IsIPv4 && System.Net.IPAddress.IsLoopback(address.ToIPAddress());

    public void Apply(IEnumerable<(int Id, BackendSpec Spec)> present)
    {
        // It has its own way to know, or has to find out.
    }

    public HashSet<int> Eligible(IEnumerable<LiveBackend> present, bool isFirst) =>
        [.. present.Where(static b => b.State.Group.Weight > 0).Select(static b => b.State.Id)];
}
