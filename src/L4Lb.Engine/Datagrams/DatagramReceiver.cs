using L4Lb.Engine.Interop;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Datagrams;

/// <summary>Reads what waits at the shard's UDP sockets, in batches, and hands it to the flows. Shard thread only.</summary>
internal sealed class DatagramReceiver(Shard shard, FlowTable table, FlowPort port, ShardCounters counters) : IDisposable
{
    // One call's worth, and how many of those before others have a turn; what is left is reported again. Many, since the
    // more a busy shard takes at once, the more datagrams of one flow it finds side by side, which leave as one.
    private const int Slots = 128;
    private const int RoundsMost = 2;

    private readonly ReceiveBatch _batch = new(Slots, named: true);

    /// <summary>Begins to watch <paramref name="listener"/>.</summary>
    internal Errno Add(DatagramListener listener) => shard.Poller.Add(listener, EpollEvents.In);

    /// <summary>Datagrams wait at <paramref name="listener"/>.</summary>
    internal void Receive(DatagramListener listener)
    {
        for (var round = 0; round < RoundsMost; round++)
        {
            var received = _batch.Receive(listener.Fd, 0, Slots);
            if (!received.Succeeded)
            {
                return;
            }

            var address = listener.Target.Address;
            for (var slot = 0; slot < received.Value; slot++)
            {
                if (_batch.IsTruncated(slot))
                {
                    counters.DatagramsOversized++;
                }
                else
                {
                    table.Arrive(listener, _batch.From(slot), _batch.To(slot, address), _batch[slot]);
                }
            }

            port.FlushRequests();
            if (received.Value < Slots)
            {
                return;
            }
        }
    }

    /// <summary>Ends <paramref name="listener"/> and its flows: their clients have to find somebody else.</summary>
    internal void Remove(DatagramListener listener)
    {
        table.EndOf(listener, CloseReason.BackendRemoved);
        port.FlushAnswers();
        Close(listener);
    }

    /// <summary>
    /// Takes in what has come, and nothing more. The flows that await an answer get it by the socket, which is closed after
    /// the last of them.
    /// </summary>
    internal void Finish(DatagramListener listener)
    {
        Receive(listener);
        listener.IsClosing = true;
        shard.Poller.Remove(listener);
        table.Close(listener);
        if (listener.Flows == 0)
        {
            Close(listener);
        }
    }

    /// <summary>Closes the socket of <paramref name="listener"/>, whose last flow is over.</summary>
    internal void Close(DatagramListener listener)
    {
        if (listener.Fd >= 0)
        {
            port.FlushAnswers();
            shard.Poller.Forget(listener);
            SocketIo.Close(listener.Fd);
            listener.Fd = -1;
        }
    }

    public void Dispose() => _batch.Dispose();
}
