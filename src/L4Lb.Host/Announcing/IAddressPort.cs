using System.Net;

namespace L4Lb.Host.Announcing;

/// <summary>Carries out what an <see cref="AddressMachine"/> decides. Called by its inputs; calls none of them.</summary>
internal interface IAddressPort
{
    /// <summary>Wants the lease.</summary>
    void Want(IPAddress address);

    /// <summary>Gives the lease back.</summary>
    void Release(IPAddress address);

    /// <summary>Gives the kernel the address, or another lifetime. Returns what stands in the way; null when done.</summary>
    string? Put(IPAddress address);

    /// <summary>Takes the address from the kernel.</summary>
    void Remove(IPAddress address);

    /// <summary>Asks on the wire who has the address.</summary>
    void Probe(IPAddress address);

    /// <summary>Says on the wire that we have the address.</summary>
    void Announce(IPAddress address);

    /// <summary>Tells people that somebody else says that the address is theirs.</summary>
    void TellConflict(IPAddress address, Claim claim);

    /// <summary>Tells people that the state is another one.</summary>
    void TellState(IPAddress address, AddressState before, AddressState after, string reason);
}
