using L4Lb.Engine.Desired;

namespace L4Lb.Engine;

/// <summary>An affinity table and what became of it since it was made. Ports that share a table show the same.</summary>
/// <param name="Entries">Clients that keep a backend now.</param>
/// <param name="MaxEntries">Most of them.</param>
public sealed record AffinityStatus(int Entries, int MaxEntries)
{
    /// <summary>New sessions whose client kept a backend.</summary>
    public long Hits { get; init; }

    /// <summary>New sessions whose client kept none.</summary>
    public long Misses { get; init; }

    /// <summary>Clients that went over to another backend, because theirs was gone or did not answer.</summary>
    public long Moves { get; init; }

    /// <summary>Clients forgotten before their time, the least recently used first, to make room.</summary>
    public long Evictions { get; init; }

    /// <summary>Clients forgotten because they stayed away for the timeout.</summary>
    public long Expirations { get; init; }
}

/// <summary>The content of an affinity table, to be kept while no process runs.</summary>
/// <param name="Key">The service port; without a port for a table of a whole Service.</param>
/// <param name="Entries">The clients, in no particular order.</param>
public sealed record AffinityTableState(ServiceKey Key, IReadOnlyList<AffinityEntryState> Entries);

/// <summary>A part of what the affinity tables hold.</summary>
/// <param name="Items">The clients, table by table, in an order that has nothing to do with their use.</param>
/// <param name="Total">How many there are in all parts, those whose time is over and who were not reclaimed yet included.</param>
/// <param name="Next">Where the next part begins; null when this was the last.</param>
public sealed record AffinityPage(IReadOnlyList<AffinityClient> Items, int Total, long? Next);

/// <summary>A client in a table.</summary>
/// <param name="Key">The service port; without a port for a table of a whole Service.</param>
/// <param name="Entry">The client, and what it keeps.</param>
public readonly record struct AffinityClient(ServiceKey Key, AffinityEntryState Entry);

/// <summary>A client that keeps a backend.</summary>
/// <param name="Client">Its address as far as it counts, as in <see cref="AddressKey.Address"/>.</param>
/// <param name="Backend">The backend.</param>
/// <param name="IdleMs">Milliseconds since it was last used, at least 0.</param>
public readonly record struct AffinityEntryState(UInt128 Client, AddressKey Backend, long IdleMs);
