using System.Net;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// A real dnsmasq that knows a few names of its own and asks nobody else: by UDP and TCP alike. It is a single process,
/// and says who it is.
/// </summary>
internal sealed class DnsServer : IAsyncDisposable
{
    /// <summary>A name with a TXT record that says which server answered.</summary>
    public const string WhoName = "who.lb.test";

    /// <summary>A name with an A record, the same of every server: for load.</summary>
    public const string HostName = "host.lb.test";

    /// <summary>A name with so many TXT records that only a large datagram holds them.</summary>
    public const string BigName = "big.lb.test";

    /// <summary>TXT records of <see cref="BigName"/>, of 200 bytes each.</summary>
    public const int BigRecords = 15;

    private readonly IReadOnlyList<string> _command;
    private ChildProcess? _process;

    private DnsServer(string name, IEnumerable<string> wrapper, IReadOnlyList<IPEndPoint> listens)
    {
        Name = name;
        _command =
        [
            .. wrapper, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--log-facility=-", "--user=root",
            "--no-resolv", "--no-hosts", "--no-poll", "--bind-interfaces", "--edns-packet-max=4096",
            $"--port={listens[0].Port}", .. listens.Select(l => $"--listen-address={l.Address}"),
            $"--host-record={HostName},192.0.2.53,2001:db8::53", $"--txt-record={WhoName},{name}",
            .. Enumerable.Range(0, BigRecords).Select(i => $"--txt-record={BigName},{i:000}{new string('x', 197)}"),
        ];
    }

    /// <summary>What it answers to <see cref="WhoName"/>.</summary>
    public string Name { get; }

    /// <summary>Starts one on addresses that have one port, of this machine or, by way of a wrapper, of a namespace.</summary>
    public static async Task<DnsServer> StartAsync(string name, IReadOnlyList<IPEndPoint> listens, params IEnumerable<string> wrapper)
    {
        Requirements.Program("dnsmasq");
        var server = new DnsServer(name, wrapper, listens);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    /// <summary>SIGKILL: once this returns its sockets are closed, and the kernel refuses its clients.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Sends a signal by name, such as <c>STOP</c>.</summary>
    public Task SignalAsync(string name) => _process!.SignalAsync(name);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        _process = ChildProcess.Start(_command);
        await Eventually.HoldsAsync(
            "dnsmasq has started", // Its sockets are bound by then. Others in its namespace may have the same port.
            () =>
            {
                Assert.False(_process.HasExited, $"dnsmasq did not start:\n{_process.Printed}");
                return _process.Errors.Any(line => line.Contains("started, version", StringComparison.Ordinal));
            });
    }
}
