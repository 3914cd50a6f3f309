namespace L4Lb.Engine.Datagrams;

/// <summary>Reads what waits at the shard's UDP sockets, in batches, and hands it to the flows. Shard thread only.</summary>
internal sealed class DatagramReceiver
{
    /// <summary>Datagrams wait at <paramref name="listener"/>.</summary>
    internal void Receive(DatagramListener listener) => throw new NotSupportedException($"{listener.Fd}");

    /// <summary>Closes the socket of <paramref name="listener"/>, whose last flow is over.</summary>
    internal void Close(DatagramListener listener) => throw new NotSupportedException($"{listener.Fd}");
}
