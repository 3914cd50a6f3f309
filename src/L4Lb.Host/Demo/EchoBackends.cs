using System.Net;
using System.Text;

namespace L4Lb.Host.Demo;

/// <summary>The backends of the demo: small HTTP servers, each of which answers with its own name, by UDP as well.</summary>
internal sealed class EchoBackends : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<string> _names = [];

    private EchoBackends()
    {
    }

    /// <summary>Their names, in the order of their addresses.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Starts one on each address of the demo.</summary>
    public static async Task<EchoBackends> StartAsync(int port, CancellationToken cancellationToken)
    {
        var backends = new EchoBackends();
        try
        {
            foreach (var address in DemoPorts.BackendAddresses)
            {
                await backends.AddAsync(new IPEndPoint(address, port), cancellationToken);
            }

            return backends;
        }
        catch
        {
            await backends.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task AddAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var name = $"echo-{_names.Count + 1}";
        var server = QuietWeb.Build(kestrel => kestrel.Listen(address));
        server.Run(context => context.Response.WriteAsync($"{name}\n", context.RequestAborted));
        _servers.Add(server);
        _names.Add(name);
        await server.StartAsync(cancellationToken);
        _servers.Add(new DatagramEcho(address, Encoding.UTF8.GetBytes($"{name}\n")));
    }
}
