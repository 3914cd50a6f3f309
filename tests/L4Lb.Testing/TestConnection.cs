using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace L4Lb.Testing;

/// <summary>How a stream ended.</summary>
public enum StreamEnd
{
    /// <summary>In order.</summary>
    Fin,

    /// <summary>With a reset.</summary>
    Reset,
}

/// <summary>
/// One end of a TCP connection, a client's or a backend's, whose every operation has a deadline: a test never hangs.
/// </summary>
public sealed class TestConnection(Socket socket) : IDisposable
{
    private const int ReceiveBytes = 256 * 1024;

    /// <summary>The socket itself.</summary>
    public Socket Socket { get; } = socket;

    /// <summary>Own address.</summary>
    public IPEndPoint LocalEndPoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Connects to <paramref name="endPoint"/>.</summary>
    /// <param name="endPoint">Where to.</param>
    /// <param name="from">Own address; null lets the kernel choose.</param>
    /// <param name="receiveBuffer">Size of the receive buffer, small for a slow reader; null leaves it to the kernel.</param>
    public static async Task<TestConnection> ConnectAsync(IPEndPoint endPoint, IPAddress? from = null, int? receiveBuffer = null)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            if (receiveBuffer is { } bytes)
            {
                socket.ReceiveBufferSize = bytes;
            }

            using var deadline = Deadline();
            await socket.ConnectAsync(endPoint, deadline.Token);
            return new TestConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Connects to <paramref name="endPoint"/>, says nothing, and returns what came back. A reset may come before the
    /// connect is seen to have succeeded; it is the same answer.
    /// </summary>
    public static async Task<(long Bytes, StreamEnd End)> AskAsync(IPEndPoint endPoint, IPAddress? from = null)
    {
        try
        {
            using var client = await ConnectAsync(endPoint, from);
            return await client.ReceiveToEndAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return (0, StreamEnd.Reset);
        }
    }

    /// <summary>Whether the kernel refuses a connect to <paramref name="endPoint"/>.</summary>
    public static async Task<bool> IsRefusedAsync(IPEndPoint endPoint)
    {
        try
        {
            using var client = await ConnectAsync(endPoint);
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var deadline = Deadline();
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await Socket.SendAsync(bytes, deadline.Token)..];
        }
    }

    /// <summary>Sends <paramref name="length"/> bytes of <paramref name="payload"/>.</summary>
    public async Task SendAsync(Payload payload, long length, int chunk = 256 * 1024)
    {
        for (var sent = 0L; sent < length;)
        {
            var part = (int)Math.Min(chunk, length - sent);
            await SendAsync(payload.At(sent, part));
            sent += part;
        }
    }

    /// <summary>Receives whatever comes next; 0 at the end.</summary>
    public async Task<int> ReceiveAsync(Memory<byte> buffer)
    {
        using var deadline = Deadline();
        return await Socket.ReceiveAsync(buffer, deadline.Token);
    }

    /// <summary>Receives exactly <paramref name="length"/> bytes.</summary>
    public async Task<byte[]> ReceiveExactlyAsync(int length)
    {
        var bytes = new byte[length];
        for (var got = 0; got < length;)
        {
            var count = await ReceiveAsync(bytes.AsMemory(got));
            got += count > 0 ? count : throw new EndOfStreamException($"the stream ended after {got} of {length} bytes");
        }

        return bytes;
    }

    /// <summary>Receives to the end and returns how long the stream was and how it ended; checks it on the way.</summary>
    public async Task<(long Bytes, StreamEnd End)> ReceiveToEndAsync(Payload? expected = null)
    {
        var total = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(ReceiveBytes);
        try
        {
            while (await ReceiveAsync(buffer) is var count and > 0)
            {
                expected?.Check(total, buffer.AsSpan(0, count));
                total += count;
            }

            return (total, StreamEnd.Fin);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return (total, StreamEnd.Reset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends <paramref name="message"/> and waits until all of it is back.</summary>
    public async Task<byte[]> ExchangeAsync(ReadOnlyMemory<byte> message)
    {
        await SendAsync(message);
        return await ReceiveExactlyAsync(message.Length);
    }

    /// <summary>Sends FIN; receiving goes on.</summary>
    public void FinishSending() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with RST.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose() => Socket.Dispose();

    private static CancellationTokenSource Deadline() => new(Eventually.Deadline);
}
