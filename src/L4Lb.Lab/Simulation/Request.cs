using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;

namespace L4Lb.Lab.Simulation;

/// <summary>Where a request is.</summary>
internal enum Phase : byte
{
    /// <summary>Nobody's: the slot is free.</summary>
    Free,

    /// <summary>Its balancer connects, or waits for room.</summary>
    Connecting,

    /// <summary>It waits at its server.</summary>
    Waiting,

    /// <summary>A worker serves it.</summary>
    Serving,

    /// <summary>It was given up while it waited, which its server finds out when its turn comes.</summary>
    GivenUp,
}

/// <summary>A request, which is a session of a balancer. A mutable struct that lives in an array.</summary>
internal struct Request
{
    /// <summary>Tells it from others that had or will have its slot.</summary>
    internal long Id;

    /// <summary>When it was meant to start.</summary>
    internal long Start;

    /// <summary>When it was connected.</summary>
    internal long Connected;

    /// <summary>What chance says of its work.</summary>
    internal ulong Chance;

    /// <summary>Work left, in nanoseconds of a worker at full speed, at <see cref="Since"/>.</summary>
    internal double Work;

    /// <summary>When <see cref="Work"/> was right.</summary>
    internal long Since;

    /// <summary>Whose it is; a user of a closed loop is its client, too.</summary>
    internal int Client;

    /// <summary>The user who thinks after it; -1 in an open loop.</summary>
    internal int User;

    /// <summary>Who is behind it in a queue, or the next free slot.</summary>
    internal int Next;

    /// <summary>Where among its server's workers.</summary>
    internal int Place;

    /// <summary>Grows whenever what was scheduled for it holds no longer.</summary>
    internal int Stamp;

    internal Phase Phase;

    /// <summary>It began in measured time.</summary>
    internal bool IsMeasured;

    internal Server? Server;
    internal Balancer Balancer;
    internal Backend? Backend;
    internal IScheduler? Scheduler;
    internal int Index;

    /// <summary>The attempt under way; null once connected.</summary>
    internal Attempt? Attempt;
}

/// <summary>The part of a session that <see cref="Connector"/> keeps while it tries backends. Reused; for one thread.</summary>
internal sealed class Attempt
{
    internal ServiceSnapshot Snapshot = null!;
    internal BackendPool Pool = null!;
    internal FlowKey Flow;
    internal SchedulePick Pick;
    internal AffinityChoice Affinity;
    internal int Preferred;
    internal bool PreferredWasFull;
    internal int Attempts;
    internal long DeadlineMs;
    internal long BegunAt;
    internal ConnectAnswer Answer;
    internal bool IsReserved;
    internal bool IsFull;
    internal bool Waits;
    internal List<Backend>? Failed;
    internal QueuedSession? Place;
    internal long QueuedAt;
    internal long Queued;
}
