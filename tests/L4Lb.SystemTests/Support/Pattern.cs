using System.Net.Sockets;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// A long stream whose every byte is known from its place. Comparing with it finds what a count would not: bytes that
/// were swapped, doubled or taken from elsewhere. And it costs next to nothing, unlike a checksum over gigabytes.
/// </summary>
internal static class Pattern
{
    /// <summary>A prime, so that no buffer or pipe of anybody is a multiple of it.</summary>
    private const int Period = 1_048_583;

    private const int Chunk = 1024 * 1024;

    /// <summary>Two periods and more: a chunk from any place in the first is in one piece.</summary>
    private static readonly byte[] s_bytes = Make();

    /// <summary>Sends the stream from <paramref name="offset"/> on.</summary>
    public static async Task SendAsync(Socket socket, long length, CancellationToken stop, long offset = 0)
    {
        while (length > 0)
        {
            var chunk = s_bytes.AsMemory((int)(offset % Period), (int)Math.Min(length, Chunk));
            var sent = await socket.SendAsync(chunk, stop);
            length -= sent;
            offset += sent;
        }
    }

    /// <summary>Receives so many bytes of the stream, or to its end; compares them; returns how many there were.</summary>
    public static async Task<long> ReceiveAsync(Socket socket, CancellationToken stop, long most = long.MaxValue, long offset = 0)
    {
        var buffer = new byte[Chunk];
        long received = 0;
        while (received < most)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(Chunk, most - received)), stop);
            if (read == 0)
            {
                break;
            }

            var expected = s_bytes.AsSpan((int)((offset + received) % Period), read);
            Assert.True(buffer.AsSpan(0, read).SequenceEqual(expected), $"other bytes arrived than were sent, {received} to {received + read}");
            received += read;
        }

        return received;
    }

    /// <summary>Receives whatever comes, to the end.</summary>
    public static async Task ReceiveToEndAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, stop) > 0)
        {
        }
    }

    private static byte[] Make()
    {
        var bytes = new byte[(2 * Period) + Chunk];
        new Random(20260101).NextBytes(bytes.AsSpan(0, Period));
        for (var i = Period; i < bytes.Length; i++)
        {
            bytes[i] = bytes[i - Period];
        }

        return bytes;
    }
}
