namespace L4Lb.Engine.Metrics;

/// <summary>What one shard counts of everything on it. Written by its own thread, read by any.</summary>
internal sealed class ShardCounters : ServiceCounters
{
    /// <summary>Clients accepted.</summary>
    internal long Accepted { get; set; }

    /// <summary>Times that accepting paused for want of descriptors.</summary>
    internal long AcceptPauses { get; set; }

    /// <summary>Datagrams dropped because they were larger than they may be, or than the way to the backend carries.</summary>
    internal long DatagramsOversized { get; set; }

    /// <summary>Datagrams dropped for want of room in a socket or of memory, and answers that nobody expected.</summary>
    internal long DatagramsDropped { get; set; }

    /// <summary>Datagrams sent once more, to another backend.</summary>
    internal long DatagramsResent { get; set; }
}
