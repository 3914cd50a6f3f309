using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Names backends in order of preference. An instance is compiled for one list of candidates and its tables never
/// change; what it learns lies in the candidates' <see cref="BackendLoad"/> and in the <see cref="SchedulerMemory"/>,
/// which outlive it. A pick takes no lock and allocates nothing; time and chance are given to it. Thread-safe.
/// </summary>
public interface IScheduler
{
    /// <summary>Its name in the <see cref="SchedulerCatalog"/>.</summary>
    string Name { get; }

    /// <summary>What it wants to be told of sessions by <see cref="Observe"/>.</summary>
    SchedulerSamples Samples => SchedulerSamples.None;

    /// <summary>
    /// Index of the best candidate for <paramref name="flow"/> that is not in <paramref name="tried"/> and may take a
    /// session (<see cref="Candidate.IsOpen"/>); -1 when there is none. Called again with a grown
    /// <paramref name="tried"/>, it yields the retry order.
    /// </summary>
    int Next(in FlowKey flow, in TriedSet tried, long nowMs);

    /// <summary>Tells what a session met at candidate <paramref name="index"/>; only what <see cref="Samples"/> asks for.</summary>
    /// <param name="index">The candidate.</param>
    /// <param name="sample">What was measured.</param>
    /// <param name="value">Microseconds, or bytes.</param>
    /// <param name="nowMs">Now, on the same clock as in <see cref="Next"/>.</param>
    void Observe(int index, SchedulerSamples sample, long value, long nowMs)
    {
    }
}

/// <summary>What sessions can tell a scheduler.</summary>
[Flags]
public enum SchedulerSamples
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Time that a connect took, in microseconds.</summary>
    ConnectTime = 1,

    /// <summary>Time from the connection to the backend's first byte, in microseconds.</summary>
    FirstByteTime = 2,

    /// <summary>Bytes relayed both ways since last told.</summary>
    Bytes = 4,
}

/// <summary>A backend as schedulers see it.</summary>
/// <param name="Address">Address and port; the name that hashing schedulers hash.</param>
/// <param name="Weight">Share now, 0…65535; 0 is never picked: it drains, is down or is not wanted.</param>
/// <param name="Load">How busy it is.</param>
/// <param name="FullWeight">
/// Share that it has when nothing is the matter with it. A table laid out by it stays the same while backends go down
/// and come back, so nobody else's clients move.
/// </param>
public readonly record struct Candidate(AddressKey Address, int Weight, BackendLoad Load, int FullWeight)
{
    /// <summary>A backend with nothing the matter.</summary>
    public Candidate(AddressKey address, int weight, BackendLoad load)
        : this(address, weight, load, weight)
    {
    }

    /// <summary>The part of its full weight that health gives it now, 0…1: less than 1 during a slow start.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Whether it may take a session now.</summary>
    public bool IsOpen => Weight > 0 && !Load.IsFull;

    /// <summary>
    /// Whether it keeps the flow of this hash while it has only a part of its weight: the same flows as long as that part
    /// is the same, and more as it grows.
    /// </summary>
    internal bool Keeps(ulong hash) => Factor >= 1 || FlowHash.Fraction(FlowHash.Again(hash, KeepAttempt)) < Factor;

    // No pick hashes that often again, so what it keeps is independent of which slots it was found at.
    private const int KeepAttempt = 1 << 20;
}
