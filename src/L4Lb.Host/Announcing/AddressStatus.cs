using System.Net;
using L4Lb.Engine.Interop;

namespace L4Lb.Host.Announcing;

/// <summary>One address that services of this instance are offered on.</summary>
/// <param name="Address">The address.</param>
/// <param name="State">What this instance does about it.</param>
/// <param name="Holder">Who has its lease, as far as is known; null for nobody, or without leases.</param>
/// <param name="SinceUtc">Since when the state is what it is.</param>
/// <param name="Reason">Why, in words; empty when there is nothing to say.</param>
internal sealed record AddressStatus(IPAddress Address, AddressState State, string? Holder, DateTime SinceUtc, string Reason);

/// <summary>Somebody else on the segment says that an address is theirs which this instance has or was about to take.</summary>
/// <param name="Address">The address.</param>
/// <param name="Other">Who.</param>
/// <param name="Interface">Where.</param>
internal sealed record AddressConflict(IPAddress Address, HardwareAddress Other, string Interface);
