using L4Lb.Host.Announcing;

namespace L4Lb.Host.Addresses;

/// <summary>Where the services' addresses are to be.</summary>
/// <param name="Interface">Interface that gets them; null for none.</param>
/// <param name="Announce">Who learns of it, and how.</param>
internal sealed record AddressSettings(string? Interface = null, AnnounceMode Announce = AnnounceMode.None)
{
    /// <summary>
    /// Duration of the leases of announced addresses, whole seconds. The kernel keeps an address for two thirds of it when
    /// this process dies.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);
}
