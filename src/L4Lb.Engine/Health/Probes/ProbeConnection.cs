using System.Net.Sockets;

namespace L4Lb.Engine.Health.Probes;

/// <summary>
/// A TCP connection of a probe: opened with the bytes that it must begin with, closed with RST, so that thousands of
/// checks a minute leave no TIME_WAIT on either side (as HAProxy does).
/// </summary>
internal sealed class ProbeConnection : IDisposable
{
    private Socket? _socket;

    internal Socket Socket => _socket ?? throw new InvalidOperationException("not open");

    /// <summary>Connects and sends the prefix. Returns null, or why there is no connection.</summary>
    internal async ValueTask<ProbeResult?> OpenAsync(ProbeTarget target, CancellationToken deadline)
    {
        try
        {
            _socket = new Socket(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                LingerState = new LingerOption(enable: true, seconds: 0),
            };
            await _socket.ConnectAsync(target.Address, deadline);
            return target.Prefix.IsEmpty ? null : await SendAsync(target.Prefix, CheckCode.L4CON, deadline);
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Failed(CheckCode.L4TOUT);
        }
        catch (SocketException e)
        {
            return ProbeResult.Of(e, CheckCode.L4CON);
        }
    }

    /// <summary>Sends everything. Returns null, or what went wrong, with <paramref name="code"/> when the backend is to blame.</summary>
    internal async ValueTask<ProbeResult?> SendAsync(ReadOnlyMemory<byte> bytes, CheckCode code, CancellationToken deadline)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await Socket.SendAsync(bytes[sent..], SocketFlags.None, deadline);
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Failed(CheckCode.L7TOUT);
        }
        catch (SocketException e)
        {
            return ProbeResult.Of(e, code);
        }
    }

    /// <summary>
    /// Reads until a line feed, the end or <paramref name="most"/> bytes. Returns what came, without the line's end, or
    /// what went wrong.
    /// </summary>
    internal async ValueTask<(string Line, ProbeResult? Problem)> ReadLineAsync(int most, CancellationToken deadline)
    {
        var buffer = new byte[most];
        var length = 0;
        try
        {
            while (length < most)
            {
                var count = await Socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, deadline);
                if (count == 0)
                {
                    break;
                }

                var end = buffer.AsSpan(length, count).IndexOf((byte)'\n');
                if (end >= 0)
                {
                    length += end;
                    break;
                }

                length += count;
            }

            return (System.Text.Encoding.Latin1.GetString(buffer, 0, length).TrimEnd('\r'), null);
        }
        catch (OperationCanceledException)
        {
            return ("", ProbeResult.Failed(CheckCode.L7TOUT));
        }
        catch (SocketException e)
        {
            return ("", ProbeResult.Of(e, CheckCode.L7RSP));
        }
    }

    public void Dispose() => _socket?.Dispose();
}
