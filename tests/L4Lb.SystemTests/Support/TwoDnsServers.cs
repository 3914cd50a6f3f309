using System.Net;

namespace L4Lb.SystemTests.Support;

/// <summary>Two real DNS servers, <c>one</c> and <c>two</c>, on addresses of their own that have one port.</summary>
internal sealed class TwoDnsServers : IAsyncDisposable
{
    private readonly List<DnsServer> _servers = [];

    private TwoDnsServers()
    {
    }

    public IPEndPoint[] EndPoints { get; } = UdpBackend.EndPoints(2);

    public DnsServer this[int index] => _servers[index];

    public static async Task<TwoDnsServers> StartAsync()
    {
        var started = new TwoDnsServers();
        try
        {
            foreach (var (endPoint, name) in started.EndPoints.Zip(["one", "two"]))
            {
                started._servers.Add(await DnsServer.StartAsync(name, [endPoint]));
            }

            return started;
        }
        catch
        {
            await started.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
