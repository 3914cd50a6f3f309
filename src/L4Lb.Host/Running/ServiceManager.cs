using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace L4Lb.Host.Running;

/// <summary>
/// Tells the service manager that started this process how it fares: sd_notify(3), datagrams to the socket that
/// <c>NOTIFY_SOCKET</c> names. Without one it does nothing. Never throws: nobody's service ends because nobody listens.
/// Thread-safe.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Socket? _socket;
    private readonly EndPoint? _address;
    private Phase _phase;

    private ServiceManager(EndPoint? address, TimeSpan? watchdog)
    {
        _address = address;
        _socket = address is null ? null : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        Watchdog = address is null ? null : watchdog;
    }

    /// <summary>The way of life that systemd knows; it goes from left to right, but for reloading and back.</summary>
    private enum Phase
    {
        Starting,
        Ready,
        Stopping,
    }

    /// <summary>Time within which it must hear of us again, else it ends the process; null for none.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>For a process that nobody manages.</summary>
    public static ServiceManager None() => new(null, null);

    /// <summary>That which the variables of the environment name.</summary>
    public static ServiceManager Open(Func<string, string?> variable) =>
        new(AddressOf(variable("NOTIFY_SOCKET")), WatchdogOf(variable("WATCHDOG_USEC"), variable("WATCHDOG_PID")));

    /// <summary>It serves.</summary>
    public void Ready(string status)
    {
        lock (_lock)
        {
            if (_phase != Phase.Stopping)
            {
                _phase = Phase.Ready;
                Send($"READY=1\nSTATUS={status}");
            }
        }
    }

    /// <summary>It reloads, from now until <see cref="Ready"/>; false when it does not serve, and nothing was said.</summary>
    public bool Reloading()
    {
        lock (_lock)
        {
            if (_phase != Phase.Ready)
            {
                return false;
            }

            // The time tells an answer to this request from one to the request before it.
            var now = (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency)); // CLOCK_MONOTONIC
            Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={now}"));
            return true;
        }
    }

    /// <summary>It stops, and there is no way back.</summary>
    public void Stopping(string status)
    {
        lock (_lock)
        {
            _phase = Phase.Stopping;
            Send($"STOPPING=1\nSTATUS={status}");
        }
    }

    /// <summary>
    /// Says that it lives, twice in the time that <see cref="Watchdog"/> gives, as long as <paramref name="respond"/> ends.
    /// </summary>
    /// <param name="respond">Ends when everything that must not hang has answered.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WatchAsync(Func<CancellationToken, Task> respond, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Watchdog is not { } most)
        {
            return;
        }

        try
        {
            while (true)
            {
                await respond(cancellationToken);
                Send("WATCHDOG=1");
                await Task.Delay(most / 2, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    /// <summary>A path, or behind an @ a name without a file. Machines in machines have a third kind, which is not ours.</summary>
    private static UnixDomainSocketEndPoint? AddressOf(string? socket) => socket switch
    {
        { Length: > 1 } when socket[0] == '/' => new UnixDomainSocketEndPoint(socket),
        { Length: > 1 } when socket[0] == '@' => new UnixDomainSocketEndPoint("\0" + socket[1..]),
        _ => null,
    };

    /// <summary>Null when it is another process that is watched: variables are inherited.</summary>
    private static TimeSpan? WatchdogOf(string? microseconds, string? process) =>
        long.TryParse(microseconds, CultureInfo.InvariantCulture, out var most) && most > 0
        && (process is null || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(most)
            : null;

    private void Send(string state)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(state), _address!);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It went away, or reads nothing. It finds out by itself what became of us.
        }
    }
}
