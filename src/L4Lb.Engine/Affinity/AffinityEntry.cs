using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Affinity;

/// <summary>One client that sticks to a backend, for show.</summary>
/// <param name="Client">Client address, as <see cref="AddressKey.Address"/>.</param>
/// <param name="Backend">The backend that it keeps.</param>
/// <param name="UsedMs">When it was last used; it expires <see cref="AffinityTable.TimeoutMs"/> after that.</param>
internal readonly record struct AffinityEntry(UInt128 Client, AddressKey Backend, long UsedMs);
