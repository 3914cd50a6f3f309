using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>A client that asks again and again, each time on a new connection, and waits for none of them for long.</summary>
internal sealed class RetryingClient : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] s_question = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");

    private readonly NetworkNamespace _space;
    private readonly IPEndPoint _to;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<(TimeSpan At, string? Answer)> _answers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _asking;

    public RetryingClient(NetworkNamespace space, IPEndPoint to)
    {
        (_space, _to) = (space, to);
        _asking = AskAsync();
    }

    public TimeSpan Now => _clock.Elapsed;

    /// <summary>When it was answered, and with what; null for a question without an answer.</summary>
    public IReadOnlyList<(TimeSpan At, string? Answer)> Answers => [.. _answers];

    /// <summary>Waits until it is answered after <paramref name="time"/>; returns when that was, and the answer.</summary>
    public async Task<(TimeSpan At, string Answer)> AnsweredAfterAsync(TimeSpan time, Func<string, bool>? expected = null)
    {
        (TimeSpan At, string? Answer)? Found() => Answers.Where(a => a.At > time && a.Answer is not null && expected?.Invoke(a.Answer) != false)
            .Select(a => ((TimeSpan, string?)?)a).FirstOrDefault();
        await Eventually.HoldsAsync("the client is answered", () => Found() is not null, TimeSpan.FromSeconds(60));
        return (Found()!.Value.At, Found()!.Value.Answer!);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _stop.Dispose();
    }

    private async Task AskAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var answer = await AskOnceAsync();
            _answers.Enqueue((Now, answer));
            await Task.Delay(s_pause);
        }
    }

    private async Task<string?> AskOnceAsync()
    {
        using var socket = _space.Inside(() => new Socket(_to.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using var deadline = new CancellationTokenSource(s_patience);
        var buffer = new byte[2048];
        var length = 0;
        try
        {
            await socket.ConnectAsync(_to, deadline.Token);
            await socket.SendAsync(s_question, deadline.Token);
            while (await socket.ReceiveAsync(buffer.AsMemory(length), deadline.Token) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(buffer, 0, length);
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return body < 0 ? null : text[(body + 4)..];
    }
}
