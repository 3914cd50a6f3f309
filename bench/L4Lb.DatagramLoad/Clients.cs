using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using L4Lb.DatagramLoad.Interop;

namespace L4Lb.DatagramLoad;

/// <summary>
/// Clients that ask. A client is a source address and a source port, of which a few sockets make many: each is bound to
/// a port of its own on all addresses, and every datagram says which of 127.1.0.0 and on it comes from. One system call
/// thus sends for many clients, and the load is far from being what limits. Sent from on one thread; <see cref="Answers"/>
/// may be on another.
/// </summary>
internal sealed unsafe class Clients : IDisposable
{
    private const int BatchCount = 64;
    private const uint FirstAddress = 0x7F01_0000;

    private readonly DatagramSocket[] _sockets;
    private readonly DatagramBatch _batch;
    private readonly uint[] _nextAddress;
    private readonly int _addresses;
    private readonly ulong _run = (ulong)Stopwatch.GetTimestamp();
    private int _next;

    public Clients(IPEndPoint target, int count, int sockets, int size)
    {
        _addresses = (count + sockets - 1) / sockets;
        _sockets = new DatagramSocket[Math.Min(count, sockets)];
        _nextAddress = new uint[_sockets.Length];
        for (var i = 0; i < _sockets.Length; i++)
        {
            _sockets[i] = new DatagramSocket(new IPEndPoint(IPAddress.Any, 0));
        }

        _batch = new DatagramBatch(BatchCount, size);
        _batch.AimAt(InternetAddress.From(target));
        Answers = new Answers(_sockets, target, size, _run);
    }

    /// <summary>What came back.</summary>
    public Answers Answers { get; }

    /// <summary>Sends <paramref name="count"/> requests, each from the next client. Returns how many went.</summary>
    public int Send(int count)
    {
        var each = Math.Clamp((count + _sockets.Length - 1) / _sockets.Length, 1, BatchCount);
        var sent = 0;
        for (var left = count; left > 0; left -= each)
        {
            sent += SendFrom(_next, Math.Min(each, left));
            _next = (_next + 1) % _sockets.Length;
        }

        return sent;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        _batch.Dispose();
        Answers.Dispose();
    }

    private int SendFrom(int socket, int count)
    {
        ref var address = ref _nextAddress[socket];
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            _batch.SetSource(i, BinaryPrimitives.ReverseEndianness(FirstAddress + address));
            *(Request*)_batch.Payload(i) = new Request { Run = _run, SentAt = now };
            address = (address + 1) % (uint)_addresses;
        }

        return _sockets[socket].Send(_batch, count);
    }
}
