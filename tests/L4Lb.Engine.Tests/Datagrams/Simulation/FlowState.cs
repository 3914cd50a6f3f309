using L4Lb.Engine.Datagrams;

namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>What a simulation knows of a flow by having watched it.</summary>
internal sealed class FlowState(Flow flow)
{
    internal Flow Flow => flow;

    /// <summary>The last of its client's datagrams that was sent.</summary>
    internal int LastSent { get; set; } = -1;

    /// <summary>Datagrams taken that no answer came after, or that waited when it came.</summary>
    internal int Unanswered { get; set; }

    /// <summary>The first of them, of which there has to be a copy; null for none.</summary>
    internal int? First { get; private set; }

    private long FirstMs { get; set; }

    internal void Taken(int number, int count, long nowMs)
    {
        Unanswered += count;
        if (flow.MayResend && (First is null || nowMs - FirstMs > KeptDatagrams.FreshMs))
        {
            (First, FirstMs) = (number, nowMs);
        }
    }

    internal void Answered()
    {
        // What waits to be sent cannot be what was answered. An empty one cannot be told from others.
        First = First > LastSent ? First : null;
        Unanswered = flow.Unsent;
    }

    internal void Lost(int number, int count)
    {
        Unanswered -= count;
        First = First == number ? null : First;
    }

    /// <summary>The first is out and unanswered, and somebody still waits for its answer.</summary>
    internal bool OwesFirst(long nowMs) => First >= 0 && First <= LastSent && nowMs - FirstMs <= KeptDatagrams.LifetimeMs;
}

/// <summary>How far the removal of a backend has come.</summary>
internal sealed class Removal
{
    /// <summary>The number of arrivals when its service was published without it.</summary>
    internal int PublishedAt { get; set; } = int.MaxValue;

    /// <summary>Its flows were ended.</summary>
    internal bool IsDone { get; set; }
}
