using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Answering;

/// <summary>One UDP socket on one thread: takes what waits in batches, has it answered, and sends the answers in batches.</summary>
internal sealed unsafe class AnsweringSocket : PollTarget, IDisposable
{
    // As many as one call sends.
    private const int Slots = SendBatch.MessagesMost;

    // How many calls before others have a turn; what is left is reported again.
    private const int RoundsMost = 4;

    private readonly Shard _shard;
    private readonly IDatagramHandler _handler;
    private readonly AddressKey _address;
    private readonly bool _isWildcard;
    private readonly ReceiveBatch _received = new(Slots, named: true);
    private readonly SendBatch _answers = new();
    private readonly NativeBuffer _memory = new(Slots * DatagramServer.AnswerBytesMax);

    // Written by the thread, read by any.
    internal long Dropped;

    private volatile bool _closed;

    internal AnsweringSocket(Shard shard, IDatagramHandler handler, int fd, in AddressKey address, bool isWildcard)
        : base(fd)
    {
        (_shard, _handler, _address, _isWildcard) = (shard, handler, address, isWildcard);
    }

    /// <summary>Begins. Shard thread only.</summary>
    internal void Watch() => _ = _shard.Poller.Add(this, EpollEvents.In);

    internal override void OnEvents(EpollEvents events)
    {
        for (var round = 0; round < RoundsMost; round++)
        {
            var received = _received.Receive(Fd, 0, Slots);
            if (!received.Succeeded)
            {
                return;
            }

            for (var slot = 0; slot < received.Value; slot++)
            {
                Answer(slot);
            }

            Flush();
            if (received.Value < Slots)
            {
                return;
            }
        }
    }

    /// <summary>Sends an answer that took longer. Any thread.</summary>
    internal void Send(byte[] answer, DatagramWay way)
    {
        if (_closed)
        {
            return;
        }

        _shard.Post(
            static state =>
            {
                var (socket, bytes, to) = ((AnsweringSocket, byte[], DatagramWay))state!;
                bytes.CopyTo(socket.Room(0));
                socket.Add(0, bytes.Length, to);
                socket.Flush();
            },
            (this, answer, way));
    }

    /// <summary>Nothing is sent any more. Before the end of the thread, whose loop must not be called after that.</summary>
    internal void Close() => _closed = true;

    public void Dispose()
    {
        if (Fd >= 0)
        {
            SocketIo.Close(Fd);
            Fd = -1;
        }

        _received.Dispose();
        _answers.Dispose();
        _memory.Dispose();
    }

    private void Answer(int slot)
    {
        if (_received.IsTruncated(slot))
        {
            return;
        }

        var local = _received.To(slot, _address);
        var way = new DatagramWay(this, _received.From(slot).ToKey(), local, _isWildcard);
        var length = _handler.Answer(_received[slot].Bytes, way, Room(slot));
        if (length > 0)
        {
            Add(slot, length, way);
        }
    }

    private Span<byte> Room(int slot) => new(_memory.Pointer + (slot * DatagramServer.AnswerBytesMax), DatagramServer.AnswerBytesMax);

    private void Add(int slot, int length, in DatagramWay way)
    {
        var datagram = new Datagram(_memory.Pointer + (slot * DatagramServer.AnswerBytesMax), length);
        _answers.Add(datagram, way.Client.ToSocketAddress(), way.From);
    }

    /// <summary>Sends what waits; what the network has no room for is dropped, since its client asks again.</summary>
    private void Flush()
    {
        for (var next = 0; next < _answers.Count;)
        {
            var sent = DatagramIo.Send(Fd, _answers.Headers + next, _answers.Count - next);
            next += sent.Succeeded ? sent.Value : 1;
            Dropped += sent.Succeeded ? 0 : 1;
        }

        _answers.Clear();
    }
}
