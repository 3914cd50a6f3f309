using L4Lb.Engine.Datagrams;

namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>What a simulation knows of a flow by having watched it.</summary>
internal sealed class FlowState(Flow flow)
{
    internal Flow Flow => flow;

    /// <summary>The last of its client's datagrams that was sent.</summary>
    internal int LastSent { get; set; } = -1;

    /// <summary>Datagrams taken since its backend answered the last time.</summary>
    internal int TakenSinceAnswer { get; set; }

    /// <summary>Those of them that were sent.</summary>
    internal int SentSinceAnswer { get; set; }

    /// <summary>When the first of them came.</summary>
    internal long AskedMs { get; set; }

    /// <summary>Some of them may have been answered, and nobody can tell which.</summary>
    internal bool IsUnclear { get; set; }

    /// <summary>
    /// A single datagram is unanswered, and it is out. So a copy of it must be there, if such may be sent again.
    /// </summary>
    internal bool OwesOne(long nowMs) =>
        !IsUnclear && TakenSinceAnswer == 1 && SentSinceAnswer == 1 && nowMs - AskedMs <= KeptDatagrams.LifetimeMs;
}

/// <summary>How far the removal of a backend has come.</summary>
internal sealed class Removal
{
    /// <summary>The number of arrivals when its service was published without it.</summary>
    internal int PublishedAt { get; set; } = int.MaxValue;

    /// <summary>Its flows were ended.</summary>
    internal bool IsDone { get; set; }
}
