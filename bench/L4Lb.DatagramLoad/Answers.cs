using System.Diagnostics;
using System.Net;
using L4Lb.DatagramLoad.Interop;

namespace L4Lb.DatagramLoad;

/// <summary>
/// Receives and checks what comes back: an answer has the length and the run of a request and comes from the address that
/// was asked. Read on one thread; <see cref="Count"/> on any.
/// </summary>
internal sealed unsafe class Answers : IDisposable
{
    private const int BatchCount = 64;

    private readonly DatagramSocket[] _sockets;
    private readonly PollDescriptor[] _polled;
    private readonly InternetAddress _target;
    private readonly int _size;
    private readonly ulong _run;
    private readonly DatagramBatch _batch;
    private long _count;

    public Answers(DatagramSocket[] sockets, IPEndPoint target, int size, ulong run)
    {
        _sockets = sockets;
        _polled = Array.ConvertAll(sockets, static s => new PollDescriptor { Descriptor = s.Descriptor, Events = Constants.POLLIN });
        _target = InternetAddress.From(target);
        _size = size;
        _run = run;
        _batch = new DatagramBatch(BatchCount, Math.Max(size, Request.Bytes));
    }

    /// <summary>How many came.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Datagrams that are nobody's answer.</summary>
    public long Strange { get; private set; }

    /// <summary>From handing the request to the kernel to having the answer in hand.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Waits until something is there, then reads it. Returns how many answers that were.</summary>
    public int Read(int timeoutMs)
    {
        fixed (PollDescriptor* polled = _polled)
        {
            if (Libc.Poll(polled, (ulong)_polled.Length, timeoutMs) <= 0)
            {
                return 0;
            }
        }

        var before = _count;
        for (var i = 0; i < _sockets.Length; i++)
        {
            if (_polled[i].Returned != 0)
            {
                Drain(_sockets[i]);
            }
        }

        return (int)(_count - before);
    }

    public void Dispose() => _batch.Dispose();

    private void Drain(DatagramSocket socket)
    {
        int received;
        do
        {
            _batch.Empty(BatchCount);
            received = socket.Receive(_batch, Constants.MSG_DONTWAIT | Constants.MSG_TRUNC);
            Take(received);
        }
        while (received == BatchCount);
    }

    private void Take(int received)
    {
        var now = Stopwatch.GetTimestamp();
        var count = 0;
        for (var i = 0; i < received; i++)
        {
            var request = (Request*)_batch.Payload(i);
            if (_batch.Length(i) == _size && request->Run == _run && _batch.From(i).Equals(_target))
            {
                Latency.Add(now - request->SentAt);
                count++;
            }
            else
            {
                Strange++;
            }
        }

        Volatile.Write(ref _count, _count + count);
    }
}
