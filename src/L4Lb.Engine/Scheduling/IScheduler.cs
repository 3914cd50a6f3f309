using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Names backends in order of preference. An instance is compiled for one list of candidates and never changes, so a
/// pick reads tables only: no lock, no allocation, no clock, no health. Thread-safe.
/// </summary>
public interface IScheduler
{
    /// <summary>Its name in the <see cref="SchedulerCatalog"/>.</summary>
    string Name { get; }

    /// <summary>
    /// Index of the best candidate for <paramref name="flow"/> that is not in <paramref name="tried"/>; -1 when there
    /// is none. Called again with a grown <paramref name="tried"/>, it yields the retry order.
    /// </summary>
    int Next(in FlowKey flow, in TriedSet tried);
}

/// <summary>A backend as schedulers see it.</summary>
/// <param name="Address">Address and port; the name that hashing schedulers hash.</param>
/// <param name="Weight">Share, 0…65535; 0 is never picked.</param>
/// <param name="Load">How busy it is.</param>
public readonly record struct Candidate(AddressKey Address, int Weight, BackendLoad Load);
