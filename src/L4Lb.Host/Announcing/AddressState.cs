namespace L4Lb.Host.Announcing;

/// <summary>What an instance does about one address.</summary>
internal enum AddressState
{
    /// <summary>Nothing: nobody could be served here, or this node is to stay out of it.</summary>
    Absent,

    /// <summary>It would have the address, and waits for the lease.</summary>
    Waiting,

    /// <summary>It has the lease, and asks on the wire whether anybody has the address.</summary>
    Probing,

    /// <summary>It has the address, and the right to it.</summary>
    Holding,

    /// <summary>It has the address, and cannot say whether it still may: it keeps it as long as nobody else shows up.</summary>
    Unconfirmed,

    /// <summary>It has given the lease back, and has the address until somebody else comes for it.</summary>
    Leaving,

    /// <summary>Somebody else has the address on the wire, or the kernel refused it: it tries again later.</summary>
    BackingOff,
}

/// <summary>What an instance may do about an address.</summary>
internal enum AddressPermission
{
    /// <summary>Not have it: nobody could be served.</summary>
    No,

    /// <summary>Not take it, and hand it over if it has it: this instance stops, or its node is to take no more load.</summary>
    HandOver,

    /// <summary>Have it.</summary>
    Yes,
}
