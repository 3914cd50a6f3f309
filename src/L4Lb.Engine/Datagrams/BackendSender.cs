using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.ProxyProtocol;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Datagrams;

/// <summary>Sends to backends what their flows' clients have sent, as much as one call can take. Shard thread only.</summary>
/// <param name="decide">What becomes of the first datagram of a flow that failed with that error.</param>
internal sealed unsafe class BackendSender(Func<Flow, Errno, Datagram, SendVerdict> decide) : IDisposable
{
    private readonly PendingDatagrams _pending = new();
    private readonly SendBatch _batch = new();
    private readonly NativeBuffer _header = new(ProxyHeaderWriter.MostBytesWithoutTlvs);

    /// <summary>Takes a datagram for the flow's backend; <see cref="FlushAll"/> must follow while it is valid.</summary>
    internal void Add(Flow flow, in Datagram datagram) => _pending.Add(flow, datagram);

    /// <summary>Sends all that waits.</summary>
    internal void FlushAll()
    {
        var flows = _pending.Flows;
        for (var i = 0; i < flows.Count; i++)
        {
            Flush(flows[i]);
        }

        _pending.Clear();
    }

    /// <summary>Sends what waits for the flow's backend.</summary>
    internal void Flush(Flow flow)
    {
        while (flow.FirstPending >= 0 && flow.Socket is FlowSocket socket)
        {
            var sent = Send(flow, socket, _pending[flow.FirstPending]);
            if (sent.Succeeded)
            {
                _pending.Remove(flow, sent.Value);
                continue;
            }

            // What is told here of an earlier datagram waits in the socket's own queue, too.
            while (DatagramIo.TakeNetworkError(socket.Fd) != Errno.None)
            {
            }

            switch (decide(flow, sent.Error, _pending[flow.FirstPending].First))
            {
                case SendVerdict.Drop:
                    _pending.Remove(flow, 1);
                    break;
                case SendVerdict.Over:
                    return;
            }
        }
    }

    /// <summary>Sends one datagram at once.</summary>
    internal Errno SendNow(Flow flow, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* data = bytes)
        {
            return Send(flow, (FlowSocket)flow.Socket!, new Datagram(data, bytes.Length), alone: true).Error;
        }
    }

    /// <summary>Drops what waits for the flow's backend.</summary>
    internal static void Forget(Flow flow) => (flow.FirstPending, flow.Unsent) = (-1, 0);

    public void Dispose()
    {
        _batch.Dispose();
        _header.Dispose();
    }

    /// <summary>Sends some datagrams of a flow from its first on; the value is how many.</summary>
    private IoResult Send(Flow flow, FlowSocket socket, in Datagram first, bool alone = false)
    {
        if (flow.ProxyHeader == ProxyHeaderOn.Each || (flow.ProxyHeader == ProxyHeaderOn.First && !socket.SentHeader))
        {
            return SendWithHeader(socket, alone ? flow.Key : _pending.AskerOf(flow.FirstPending), first.First);
        }

        if (alone || (first.Count == 1 && _pending.After(flow.FirstPending) < 0))
        {
            var single = SocketIo.Send(socket.Fd, first.Data, first.Length);
            return single.Succeeded ? IoResult.Of(1) : single;
        }

        _batch.Clear();
        for (var index = flow.FirstPending; index >= 0 && !_batch.IsFull; index = _pending.After(index))
        {
            Gather(_pending[index], socket.Segments);
        }

        return Send(socket);
    }

    private void Gather(in Datagram datagram, bool segments)
    {
        if (segments && datagram.Count > 1)
        {
            _batch.Add(datagram);
            return;
        }

        foreach (var single in datagram)
        {
            if (_batch.IsFull)
            {
                return;
            }

            if (!segments || !_batch.TryAppend(single))
            {
                _batch.Add(single);
            }
        }
    }

    private IoResult Send(FlowSocket socket)
    {
        var sent = DatagramIo.Send(socket.Fd, _batch.Headers, _batch.Count);
        if (!sent.Succeeded)
        {
            if (_batch.DatagramsOf(0) == 1 || !Segmentation.IsRefusal(sent.Error))
            {
                return sent;
            }

            // Not on this way: its network takes no checksum from us, or no packet of that size.
            socket.Segments = false;
            return IoResult.Of(0);
        }

        var datagrams = 0;
        for (var i = 0; i < sent.Value; i++)
        {
            datagrams += _batch.DatagramsOf(i);
        }

        return IoResult.Of(datagrams);
    }

    private IoResult SendWithHeader(FlowSocket socket, in FlowKey asker, in Datagram datagram)
    {
        var header = ProxyHeaderWriter.WriteDatagram(
            new Span<byte>(_header.Pointer, _header.Length), new ProxyAddresses(asker.Client, asker.Listen));
        _batch.Clear();
        _batch.Add(new Datagram(_header.Pointer, header), datagram);
        var sent = DatagramIo.Send(socket.Fd, _batch.Headers, 1);
        socket.SentHeader |= sent.Succeeded;
        return sent;
    }
}
