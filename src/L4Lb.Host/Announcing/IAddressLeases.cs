using System.Net;

namespace L4Lb.Host.Announcing;

/// <summary>
/// Who of several may have an address. All members may be called from any thread, and return at once. The lease of an address
/// is wanted until it is released, whatever becomes of it in between.
/// </summary>
internal interface IAddressLeases
{
    /// <summary>A lease that is wanted came, went, or cannot be confirmed. Raised on any thread, in order for each address.</summary>
    event Action<IPAddress, LeaseReport>? Changed;

    /// <summary>
    /// Whether a lease that is held keeps all others away. If not, everybody has it who wants it, and only the wire
    /// tells who else does.
    /// </summary>
    bool IsExclusive { get; }

    /// <summary>Tries to get and to keep the lease of <paramref name="address"/> from now on.</summary>
    void Want(IPAddress address);

    /// <summary>Gives the lease back, so that somebody else may have it at once, and does not want it any more.</summary>
    void Release(IPAddress address);
}

/// <summary>How a lease stands.</summary>
/// <param name="State">For us.</param>
/// <param name="Holder">Who has it, as far as is known; null for nobody.</param>
internal readonly record struct LeaseReport(LeaseState State, string? Holder = null);

/// <summary>How a lease stands for us.</summary>
internal enum LeaseState
{
    /// <summary>It is not ours: somebody else has it, or nobody, or nobody knows.</summary>
    None,

    /// <summary>Ours: it was renewed less than its duration ago, by our clock and counted from before the request.</summary>
    Held,

    /// <summary>It was ours, could not be renewed in time, and nobody can say whether somebody else has it now.</summary>
    Unconfirmed,
}

/// <summary>Everybody has every lease: for an instance that asks nobody.</summary>
internal sealed class NoLeases : IAddressLeases
{
    public event Action<IPAddress, LeaseReport>? Changed;

    public bool IsExclusive => false;

    public void Want(IPAddress address) => Changed?.Invoke(address, new LeaseReport(LeaseState.Held));

    public void Release(IPAddress address)
    {
    }
}
