using System.Net;
using System.Net.Sockets;
using L4Lb.Dns.Zones;
using L4Lb.Engine.Answering;

namespace L4Lb.Dns.Serving;

/// <summary>What a DNS server is told.</summary>
/// <param name="Address">Where it listens, by UDP and TCP; port 0 for any that is free for both.</param>
public sealed record DnsServerOptions(IPEndPoint Address)
{
    /// <summary>Servers that are asked for names of others, in order; none refuses such names.</summary>
    public IReadOnlyList<IPEndPoint> Upstreams { get; init; } = [];

    /// <summary>How long each of those may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Full answers a second by UDP for one client address; beyond that it is sent to TCP. 0 for no bound.</summary>
    public int AnswersPerSecond { get; init; } = 2000;

    /// <summary>Threads that answer by UDP.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>Answers DNS by UDP and TCP. Thread-safe.</summary>
public sealed class DnsServer : IAsyncDisposable
{
    // Somebody may have the TCP port of what the kernel gave for UDP.
    private const int PortsTried = 16;

    private readonly CancellationTokenSource _stop = new();
    private readonly DnsResponder _responder;
    private DatagramServer? _datagrams;
    private StreamAnswers? _streams;

    private DnsServer(DnsServerOptions options) => _responder = new DnsResponder(options.Upstreams.Count > 0);

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => _datagrams!.Address;

    /// <summary>What happened so far.</summary>
    public DnsCounters Counters { get; } = new();

    /// <summary>The names that it is responsible for, in force at once when set; null until they are known.</summary>
    public ZoneSet? Zones
    {
        get => _responder.Zones;
        set => _responder.Zones = value;
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="zones">The names that it is responsible for at first; null when they are not known yet.</param>
    /// <exception cref="IOException">The address cannot be had: says why and what would help.</exception>
    public static async Task<DnsServer> OpenAsync(DnsServerOptions options, ZoneSet? zones = null)
    {
        var server = new DnsServer(options) { Zones = zones };
        try
        {
            for (var tries = 1; !server.TryOpen(options, isLast: options.Address.Port != 0 || tries == PortsTried); tries++)
            {
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends: open questions are not answered any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _datagrams?.Dispose();
        if (_streams is not null)
        {
            await _streams.DisposeAsync();
        }

        _stop.Dispose();
    }

    private bool TryOpen(DnsServerOptions options, bool isLast)
    {
        var resolver = options.Upstreams.Count > 0
            ? new Resolver(_responder, new Upstream(options.Upstreams, options.Patience), Counters)
            : null;
        _datagrams = DatagramServer.Open(
            options.Address, options.Threads,
            () => new DatagramAnswers(_responder, resolver, new AnswerRate(options.AnswersPerSecond), Counters, _stop.Token));
        try
        {
            _streams = new StreamAnswers(_datagrams.Address, _responder, resolver, Counters);
            return true;
        }
        catch (SocketException e) when (isLast)
        {
            throw new IOException($"{_datagrams.Address}/tcp could not be bound: {e.Message}; ss -tlnp shows who has it", e);
        }
        catch (SocketException)
        {
            _datagrams.Dispose();
            return false;
        }
    }
}
