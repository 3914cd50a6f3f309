using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;

namespace L4Lb.Dns.Serving;

/// <summary>
/// Answers questions by TCP (RFC 7766): many on one connection, those that others must be asked for when they have answered.
/// Few clients come this way, so it is the framework's sockets and pool that carry it.
/// </summary>
internal sealed class StreamAnswers : IAsyncDisposable
{
    // Clients come back by UDP; who holds a connection open without asking takes it from another.
    private const int ConnectionsMost = 256;

    private const int WaitingMost = 16;
    private const int LengthBytes = sizeof(ushort);

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    private readonly Socket _listener;
    private readonly DnsResponder _responder;
    private readonly Resolver? _resolver;
    private readonly DnsCounters _counters;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _room = new(ConnectionsMost);
    private readonly Task _accepting;
    private int _turn;

    /// <param name="address">Where to listen.</param>
    /// <param name="responder">What is known here.</param>
    /// <param name="resolver">What asks others; null without.</param>
    /// <param name="counters">What is counted.</param>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    internal StreamAnswers(IPEndPoint address, DnsResponder responder, Resolver? resolver, DnsCounters counters)
    {
        (_responder, _resolver, _counters) = (responder, resolver, counters);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                _listener.DualMode = false;
            }

            _listener.Bind(address);
            _listener.Listen(ConnectionsMost);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        _accepting = AcceptAsync();
    }

    /// <summary>Closes the listener and every connection, and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        for (var i = 0; i < ConnectionsMost; i++)
        {
            await _room.WaitAsync();
        }

        _room.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _room.WaitAsync(_stop.Token);
                _ = ServeAsync(await AcceptOneAsync());
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>The next connection; what goes wrong with one before it is there is of no interest.</summary>
    private async Task<Socket> AcceptOneAsync()
    {
        while (true)
        {
            try
            {
                return await _listener.AcceptAsync(_stop.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                if (_stop.IsCancellationRequested)
                {
                    _room.Release();
                    throw new OperationCanceledException(_stop.Token);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), _stop.Token); // Out of descriptors, perhaps.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        try
        {
            var local = AddressKey.From((IPEndPoint)socket.LocalEndPoint!);
            await using var stream = new NetworkStream(socket);
            await ReadAsync(stream, local);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left, is silent, or is to leave.
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task ReadAsync(NetworkStream stream, AddressKey local)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using var writing = new SemaphoreSlim(1);
        using var waiting = new SemaphoreSlim(WaitingMost);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var answer = ArrayPool<byte>.Shared.Rent(LengthBytes + DnsResponder.MessageMax);
        try
        {
            while (true)
            {
                idle.CancelAfter(s_idle);
                var read = await reader.ReadAsync(idle.Token);
                var buffer = read.Buffer;
                while (TryTake(ref buffer, out var request))
                {
                    await AnswerAsync(stream, request, local, answer, writing, waiting, idle.Token);
                    idle.CancelAfter(s_idle);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answer);
            await reader.CompleteAsync();
            await idle.CancelAsync();
            for (var i = 0; i < WaitingMost; i++)
            {
                await waiting.WaitAsync(); // Those that others are still asked for use what ends here.
            }
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out byte[] request)
    {
        request = [];
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadBigEndian(out short length) || !reader.TryReadExact((ushort)length, out var message))
        {
            return false;
        }

        request = message.ToArray();
        buffer = buffer.Slice(reader.Position);
        return true;
    }

    private async Task AnswerAsync(
        Stream stream, byte[] request, AddressKey local, byte[] answer, SemaphoreSlim writing, SemaphoreSlim waiting, CancellationToken end)
    {
        _counters.CountStream();
        var asker = new Asker(local, ByDatagram: false, (uint)Interlocked.Increment(ref _turn));
        var verdict = _responder.Answer(request, asker, answer.AsSpan(LengthBytes, DnsResponder.MessageMax), out var length);
        if (verdict == Verdict.Answered)
        {
            await WriteAsync(stream, answer, length, writing, end);
        }
        else if (verdict != Verdict.Silent)
        {
            await waiting.WaitAsync(end);
            _ = AnswerLaterAsync(stream, verdict, request, asker, writing, waiting, end);
        }
    }

    private async Task AnswerLaterAsync(
        Stream stream, Verdict verdict, byte[] request, Asker asker, SemaphoreSlim writing, SemaphoreSlim waiting, CancellationToken end)
    {
        try
        {
            var answer = await _resolver!.ResolveAsync(verdict, request, asker, end);
            await WriteAsync(stream, [0, 0, .. answer], answer.Length, writing, end);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left.
        }
        finally
        {
            waiting.Release();
        }
    }

    private static async Task WriteAsync(Stream stream, byte[] framed, int length, SemaphoreSlim writing, CancellationToken end)
    {
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)length);
        await writing.WaitAsync(end);
        try
        {
            await stream.WriteAsync(framed.AsMemory(0, LengthBytes + length), end);
        }
        finally
        {
            writing.Release();
        }
    }
}
