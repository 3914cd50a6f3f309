using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Pools;

/// <summary>What became of a request for addresses.</summary>
/// <param name="Addresses">The addresses, in the order of the Service's families; empty when there are none.</param>
/// <param name="Pool">The pool that they are of; empty without addresses.</param>
/// <param name="Problem">Why there are none, and what would help; null when there are.</param>
public sealed record AddressAnswer(EquatableArray<IPAddress> Addresses, string Pool, string? Problem)
{
    /// <summary>No addresses, and why.</summary>
    public static AddressAnswer None(string problem) => new([], "", problem);
}
