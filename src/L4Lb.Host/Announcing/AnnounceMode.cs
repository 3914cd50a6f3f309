namespace L4Lb.Host.Announcing;

/// <summary>How others learn where the addresses are.</summary>
internal enum AnnounceMode
{
    /// <summary>Nobody is told: the addresses are on the interface while services want them.</summary>
    None,

    /// <summary>Neighbours on the segment, by ARP and neighbour discovery; one holder at a time.</summary>
    L2,

    /// <summary>Routers, by a routing daemon that exports the addresses which the interface has; any number of holders.</summary>
    Bgp,
}
