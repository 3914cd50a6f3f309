using System.Net;
using L4Lb.Engine.Interop;

namespace L4Lb.Host.Announcing;

/// <summary>Somebody on the wire said something about an address.</summary>
/// <param name="Address">The address.</param>
/// <param name="Sender">Who.</param>
/// <param name="IsProbe">Only asks whether anybody has it, in order to take it; else says that it is theirs.</param>
internal readonly record struct Claim(IPAddress Address, HardwareAddress Sender, bool IsProbe);
