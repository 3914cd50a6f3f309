using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Pools;

/// <summary>What became of a request for addresses.</summary>
/// <param name="Addresses">The addresses, in the order of the Service's families; empty when there are none.</param>
/// <param name="Pool">The pool that they are of; empty without addresses.</param>
/// <param name="Problem">Why there are none, and what would help; null when there are.</param>
public sealed record AddressAnswer(EquatableArray<IPAddress> Addresses, string Pool, AddressProblem? Problem)
{
    /// <summary>No addresses, and why.</summary>
    public static AddressAnswer None(PendingReason reason, string message) => new([], "", new(reason, message));
}

/// <summary>Why a Service has no address.</summary>
/// <param name="Reason">In one word, as conditions have it.</param>
/// <param name="Message">For people: what is wrong, and what would help.</param>
public sealed record AddressProblem(PendingReason Reason, string Message);

/// <summary>Why a Service waits for an address. The names are part of its condition, so that scripts may go by them.</summary>
public enum PendingReason
{
    /// <summary>There is no pool, or none of the name that it asks for.</summary>
    NoPool,

    /// <summary>There are pools, and they are for others, or must be asked for by name.</summary>
    PoolNotForService,

    /// <summary>Its pools have no free address of its families.</summary>
    PoolExhausted,

    /// <summary>It asks for an address that is in no pool.</summary>
    AddressNotInPool,

    /// <summary>It asks for an address that another Service has.</summary>
    AddressInUse,

    /// <summary>It asks for an address that another Service shares, and may not share it.</summary>
    SharingConflict,

    /// <summary>The addresses that it asks for are not of its families, or not of all that it requires.</summary>
    FamilyMismatch,

    /// <summary>An annotation cannot be understood.</summary>
    InvalidAnnotation,

    /// <summary><c>spec.loadBalancerIP</c> is not an address.</summary>
    InvalidLoadBalancerIP,
}
