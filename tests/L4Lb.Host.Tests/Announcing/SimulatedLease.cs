namespace L4Lb.Host.Tests.Announcing;

/// <summary>The Lease object at the API server: whoever writes it must have seen what is there.</summary>
internal sealed class SimulatedLease(SimulatedSegment segment, long durationMs)
{
    public long DurationMs => durationMs;

    public int Version { get; private set; }

    public SimulatedNode? Holder { get; private set; }

    /// <summary>Times that it went to another holder.</summary>
    public int Transitions { get; private set; }

    /// <summary>A request that takes a moment, each way; without an answer when the node is cut off on either.</summary>
    public void Ask(SimulatedNode node, Action<SimulatedLease> atServer, Action<SimulatedLease> answered)
    {
        segment.In(segment.Chance.Next(1, 15), () =>
        {
            if (node.ReachesApi)
            {
                atServer(this);
                segment.In(segment.Chance.Next(1, 15), () =>
                {
                    if (node.ReachesApi)
                    {
                        answered(this);
                    }
                });
            }
        });
    }

    public bool TryWrite(int seenVersion, SimulatedNode? holder)
    {
        if (seenVersion != Version)
        {
            return false;
        }

        Transitions += holder is not null && holder != Holder ? 1 : 0;
        (Version, Holder) = (Version + 1, holder);
        return true;
    }
}
