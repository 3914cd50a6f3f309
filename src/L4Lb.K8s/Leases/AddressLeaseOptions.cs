using System.Net;

namespace L4Lb.K8s.Leases;

/// <summary>What the leases of addresses have in common.</summary>
public sealed record AddressLeaseOptions
{
    /// <summary>Namespace of the Leases.</summary>
    public required string Namespace { get; init; }

    /// <summary>Who we are: the name of the node. No two instances with one name may want an address.</summary>
    public required string Identity { get; init; }

    /// <summary>How long the others wait for a holder that is silent; whole seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Name of the Lease of an address.</summary>
    public required Func<IPAddress, string> NameOf { get; init; }

    /// <summary>How long to leave an address that is free to those who should rather have it.</summary>
    public Func<IPAddress, TimeSpan> Delay { get; init; } = static _ => TimeSpan.Zero;
}

/// <summary>How the lease of an address stands for us.</summary>
public enum AddressLeaseState
{
    /// <summary>It is not ours: somebody else has it, or nobody, or nobody knows.</summary>
    None,

    /// <summary>It is ours.</summary>
    Held,

    /// <summary>It was ours, the API server does not answer, and nobody can say whether somebody else has it now.</summary>
    Unconfirmed,
}

/// <summary>How it is with the lease of an address.</summary>
/// <param name="State">For us.</param>
/// <param name="Holder">Who has it as far as is known, or null.</param>
/// <param name="Problem">What went wrong with the last request, or null.</param>
public readonly record struct AddressLeaseStatus(AddressLeaseState State, string? Holder, string? Problem);
