namespace L4Lb.Engine.Metrics;

/// <summary>
/// What one shard counts: plain adds by its own thread, read by others as they are. A reader may see a count a moment
/// old, never a torn one (64-bit reads are atomic on every 64-bit machine).
/// </summary>
/// <param name="closeReasons">Number of close reasons, which are counted by their number.</param>
internal sealed class ShardCounters(int closeReasons)
{
    // Shard thread only; read by any.
    private readonly long[] _closed = new long[closeReasons];

    /// <summary>Clients accepted.</summary>
    internal long Accepted { get; set; }

    /// <summary>Connects started.</summary>
    internal long ConnectAttempts { get; set; }

    /// <summary>Connects that failed.</summary>
    internal long ConnectFailures { get; set; }

    /// <summary>Times that accepting paused for want of descriptors.</summary>
    internal long AcceptPauses { get; set; }

    /// <summary>Bytes handed to backends, or taken for them in datagrams.</summary>
    internal long BytesFromClients { get; private set; }

    /// <summary>Bytes handed to clients.</summary>
    internal long BytesFromBackends { get; private set; }

    /// <summary>Datagrams of clients that were taken for backends; those that were lost then are among the dropped, too.</summary>
    internal long DatagramsFromClients { get; set; }

    /// <summary>Datagrams of backends that were handed to clients.</summary>
    internal long DatagramsFromBackends { get; set; }

    /// <summary>Datagrams dropped because they were larger than they may be, or than the way to the backend carries.</summary>
    internal long DatagramsOversized { get; set; }

    /// <summary>Datagrams dropped for want of room in a socket or of memory, and answers that nobody expected.</summary>
    internal long DatagramsDropped { get; set; }

    /// <summary>Datagrams sent once more, to another backend.</summary>
    internal long DatagramsResent { get; set; }

    /// <summary>Sessions closed for <paramref name="reason"/>.</summary>
    internal long Closed(int reason) => Volatile.Read(ref _closed[reason]);

    internal void AddClosed(int reason) => _closed[reason]++;

    internal void AddBytes(int bytes, bool fromClient)
    {
        if (fromClient)
        {
            BytesFromClients += bytes;
        }
        else
        {
            BytesFromBackends += bytes;
        }
    }
}
