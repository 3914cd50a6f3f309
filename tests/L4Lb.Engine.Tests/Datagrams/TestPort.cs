using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Tests.Datagrams;

/// <summary>
/// The world that flows ask things of, without a network: keeps what waits to be sent, as a real port may, and leaves to
/// whoever made it what becomes of each datagram.
/// </summary>
internal sealed class TestPort : IFlowPort
{
    private readonly Dictionary<Flow, Queue<Datagram>> _waiting = [];

    /// <summary>The table that it serves.</summary>
    internal FlowTable Table { get; set; } = null!;

    /// <summary>How opening a socket ends.</summary>
    internal Func<Flow, Errno> Opens { get; set; } = static _ => Errno.None;

    /// <summary>How a send ends; whether the datagram was kept by the flow and is sent once more is the last argument.</summary>
    internal TransmitHandler Transmits { get; set; } = static (_, _, _) => Errno.None;

    /// <summary>Sees what clients get.</summary>
    internal Action<Flow, Datagram> Replies { get; set; } = static (_, _) => { };

    /// <summary>Whether a datagram waits for <see cref="Flush"/>.</summary>
    internal Func<bool> Defers { get; set; } = static () => false;

    /// <summary>Sees what is taken to be sent.</summary>
    internal Action<Flow, Datagram> Takes { get; set; } = static (_, _) => { };

    /// <summary>Sees flows that are over.</summary>
    internal Action<Flow> Forgets { get; set; } = static _ => { };

    /// <summary>Stands between a failure and the table that is told of it.</summary>
    internal Func<Flow, Errno, Datagram, SendVerdict>? Fails { get; set; }

    /// <summary>Sockets that are open.</summary>
    internal List<TestSocket> Sockets { get; } = [];

    /// <summary>Flows that have something waiting.</summary>
    internal int Waiting => _waiting.Count;

    /// <summary>Datagrams that were taken and then forgotten, because their flow was over.</summary>
    internal long Forgotten { get; private set; }

    internal delegate Errno TransmitHandler(TestSocket socket, Datagram datagram, bool isKept);

    public Errno Open(Flow flow)
    {
        Assert.Null(flow.Socket);
        Assert.False(flow.IsOver, "a flow that is over has no use for a socket");
        var error = Opens(flow);
        if (error == Errno.None)
        {
            var socket = new TestSocket(flow) { Place = Sockets.Count };
            Sockets.Add(socket);
            flow.Socket = socket;
        }

        return error;
    }

    public void Send(Flow flow, in Datagram datagram)
    {
        Assert.NotNull(flow.Socket);
        Takes(flow, datagram);
        if (!_waiting.TryGetValue(flow, out var queue) && !Defers())
        {
            var socket = (TestSocket)flow.Socket;
            var error = Transmit(socket, datagram, isKept: false);
            if (error == Errno.None)
            {
                return;
            }

            // The table may not be told from here.
            socket.Pending = error;
        }

        if (queue is null)
        {
            _waiting.Add(flow, queue = new Queue<Datagram>());
        }

        queue.Enqueue(datagram);
        flow.Unsent += datagram.Count;
    }

    public Errno Resend(Flow flow, ReadOnlySpan<byte> datagram)
    {
        unsafe
        {
            fixed (byte* bytes = datagram)
            {
                return Transmit((TestSocket)flow.Socket!, new Datagram(bytes, datagram.Length), isKept: true);
            }
        }
    }

    public void Reply(Flow flow, in Datagram datagram)
    {
        Assert.False(flow.IsOver, "an answer for a flow that is over");
        Replies(flow, datagram);
    }

    public void Flush(Flow flow)
    {
        while (_waiting.TryGetValue(flow, out var queue))
        {
            var datagram = queue.Peek();
            var error = Transmit((TestSocket)flow.Socket!, datagram, isKept: false);
            var verdict = error == Errno.None ? SendVerdict.Drop
                : Fails is { } fails ? fails(flow, error, datagram) : Table.Failed(flow, error, datagram);
            if (verdict == SendVerdict.Over)
            {
                Assert.True(flow.IsOver && !_waiting.ContainsKey(flow), "a flow that is over is forgotten");
                return;
            }

            Assert.False(flow.IsOver, "a flow is over, and the verdict does not say so");
            if (verdict == SendVerdict.Drop)
            {
                queue.Dequeue();
                flow.Unsent -= datagram.Count;
                if (queue.Count == 0)
                {
                    _waiting.Remove(flow);
                }
            }
        }
    }

    /// <summary>Sends what waits of all flows, in the order in which they began to wait.</summary>
    internal void FlushAll()
    {
        foreach (var flow in _waiting.Keys.ToArray())
        {
            Flush(flow);
        }

        Assert.Empty(_waiting);
    }

    public void Close(Flow flow)
    {
        if (flow.Socket is TestSocket socket)
        {
            var last = Sockets[^1];
            (Sockets[socket.Place], last.Place) = (last, socket.Place);
            Sockets.RemoveAt(Sockets.Count - 1);
            socket.Place = -1;
            flow.Socket = null;
        }
    }

    public void Forget(Flow flow)
    {
        Forgotten += flow.Unsent;
        flow.Unsent = 0;
        _waiting.Remove(flow);
        Forgets(flow);
    }

    private Errno Transmit(TestSocket socket, Datagram datagram, bool isKept)
    {
        var error = socket.Pending;
        socket.Pending = Errno.None;
        error = error == Errno.None ? Transmits(socket, datagram, isKept) : error;
        socket.Sent += error == Errno.None ? 1 : 0;
        return error;
    }
}
