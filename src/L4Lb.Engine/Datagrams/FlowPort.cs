using L4Lb.Engine.Interop;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// The flows' sockets on one shard: opens and closes them, sends to backends, and turns their readiness into answers and
/// their errors into news for the <see cref="FlowTable"/>. Shard thread only.
/// </summary>
internal sealed class FlowPort : IFlowPort, IDisposable
{
    // Answers that are received before they are sent on together.
    private const int Slots = 128;

    // Taken from one flow at a time, so that a talkative one waits for the others' turns; a short count means drained.
    private const int AnswersAtOnce = 16;
    private const int RoundsMost = 4;

    // Immutable.
    private readonly Shard _shard;
    private readonly ShardCounters _counters;
    private readonly bool _offload;
    private readonly ReceiveBatch _received = new(Slots, named: false);
    private readonly BackendSender _toBackends;
    private readonly ClientSender _toClients;
    private readonly Queue<(Flow Flow, FlowSocket Socket)> _unfinished = new();
    private readonly Action _goOn;

    // Shard thread only.
    private int _nextSlot;

    internal FlowPort(Shard shard, ShardCounters counters, bool offload)
    {
        (_shard, _counters, _offload) = (shard, counters, offload);
        _toBackends = new BackendSender((flow, error, unsent) => Table!.Failed(flow, error, unsent));
        _toClients = new ClientSender(counters);
        _goOn = GoOn;
        shard.Dispatched += FlushAnswers;
    }

    /// <summary>Who decides; set once, before the shard starts.</summary>
    internal FlowTable? Table { get; set; }

    public Errno Open(Flow flow)
    {
        var opened = SocketSetup.ConnectUdp(flow.Backend!.SocketAddress, _offload);
        if (!opened.Succeeded)
        {
            return opened.Error;
        }

        var socket = new FlowSocket(this, flow, opened.Value, _offload);
        var error = _shard.Poller.Add(socket, EpollEvents.In | EpollEvents.EdgeTriggered);
        if (error != Errno.None)
        {
            Close(socket);
            return error;
        }

        flow.Socket = socket;
        return Errno.None;
    }

    public void Send(Flow flow, in Datagram datagram) => _toBackends.Add(flow, datagram);

    public Errno Resend(Flow flow, ReadOnlySpan<byte> datagram) => _toBackends.SendNow(flow, datagram);

    public void Reply(Flow flow, in Datagram datagram) => _toClients.Add(flow, datagram);

    public void Flush(Flow flow) => _toBackends.Flush(flow);

    public void Forget(Flow flow) => BackendSender.Forget(flow);

    public void Close(Flow flow)
    {
        if (flow.Socket is { } socket)
        {
            flow.Socket = null;
            Close(socket);
        }
    }

    /// <summary>Sends all that was taken for backends, before what it lies in is received into again.</summary>
    internal void FlushRequests() => _toBackends.FlushAll();

    /// <summary>Sends all answers that were taken.</summary>
    internal void FlushAnswers()
    {
        if (_nextSlot > 0)
        {
            _toClients.Flush();
            _nextSlot = 0;
        }
    }

    /// <summary>The poller has something to say of <paramref name="socket"/>.</summary>
    internal void OnEvents(Flow flow, FlowSocket socket, EpollEvents events)
    {
        // Answers first: they came before the error.
        Read(flow, socket);
        if ((events & EpollEvents.Error) != 0 && flow.Socket == socket)
        {
            TellErrors(flow, socket, Errno.None);
        }
    }

    public void Dispose()
    {
        _received.Dispose();
        _toBackends.Dispose();
        _toClients.Dispose();
    }

    private void Close(PollTarget socket)
    {
        _shard.Poller.Forget(socket);
        SocketIo.Close(socket.Fd);
        socket.Fd = -1;
    }

    private void Read(Flow flow, FlowSocket socket)
    {
        for (var round = 0; round < RoundsMost; round++)
        {
            if (_nextSlot == Slots)
            {
                FlushAnswers();
            }

            var (first, most) = (_nextSlot, Math.Min(Slots - _nextSlot, AnswersAtOnce));
            var received = _received.Receive(socket.Fd, first, most);
            if (!received.Succeeded)
            {
                if (received.WouldBlock || !TellErrors(flow, socket, received.Error))
                {
                    return;
                }

                continue;
            }

            var end = _nextSlot += received.Value;
            for (var slot = first; slot < end; slot++)
            {
                Table!.Answered(flow, _received[slot]);
                if (flow.Socket != socket)
                {
                    return;
                }
            }

            if (received.Value < most)
            {
                return;
            }
        }

        if (_unfinished.Count == 0)
        {
            _shard.EnqueueYielded(_goOn);
        }

        _unfinished.Enqueue((flow, socket));
    }

    private void GoOn()
    {
        for (var left = _unfinished.Count; left > 0; left--)
        {
            var (flow, socket) = _unfinished.Dequeue();
            if (flow.Socket == socket)
            {
                Read(flow, socket);
            }
        }
    }

    /// <summary>
    /// Tells what the network has said of earlier datagrams: once, however many it says it of. False when the flow has
    /// another socket by then, or none.
    /// </summary>
    private bool TellErrors(Flow flow, FlowSocket socket, Errno error)
    {
        Errno next;
        while ((next = DatagramIo.TakeNetworkError(socket.Fd)) != Errno.None)
        {
            error = error is Errno.None or Errno.EMSGSIZE ? next : error;
        }

        error = error == Errno.None ? SocketIo.TakeError(socket.Fd) : error;
        if (error != Errno.None)
        {
            Table!.Unreachable(flow, error);
        }

        return flow.Socket == socket;
    }
}
