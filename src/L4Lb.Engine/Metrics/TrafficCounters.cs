namespace L4Lb.Engine.Metrics;

/// <summary>
/// What one shard has relayed for somebody: plain adds by its own thread, read by others as they are. A reader may see a
/// count a moment old, never a torn one (64-bit reads are atomic on every 64-bit machine).
/// </summary>
internal class TrafficCounters
{
    /// <summary>Bytes handed to backends, or taken for them in datagrams.</summary>
    internal long BytesFromClients { get; private set; }

    /// <summary>Bytes handed to clients.</summary>
    internal long BytesFromBackends { get; private set; }

    /// <summary>Datagrams of clients that were taken for backends; those that were lost then are among the dropped, too.</summary>
    internal long DatagramsFromClients { get; private set; }

    /// <summary>Datagrams of backends that were handed to clients.</summary>
    internal long DatagramsFromBackends { get; private set; }

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

    /// <summary>Counts datagrams and their bytes.</summary>
    internal void AddDatagrams(int datagrams, int bytes, bool fromClient)
    {
        AddBytes(bytes, fromClient);
        if (fromClient)
        {
            DatagramsFromClients += datagrams;
        }
        else
        {
            DatagramsFromBackends += datagrams;
        }
    }
}
