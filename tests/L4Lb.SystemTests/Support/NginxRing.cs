using System.Net;
using System.Net.Sockets;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>A real nginx that balances connections by <c>hash $remote_addr consistent</c>: what <c>ring</c> has to agree with.</summary>
internal sealed class NginxRing : IAsyncDisposable
{
    /// <summary>Where Debian puts the module; elsewhere it may be compiled in.</summary>
    private const string StreamModule = "/usr/lib/nginx/modules/ngx_stream_module.so";

    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _process;

    private NginxRing(int port) => EndPoint = new IPEndPoint(IPAddress.Loopback, port);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Starts one and waits until it hands connections on.</summary>
    public static async Task<NginxRing> StartAsync(params IEnumerable<(IPEndPoint At, int Weight)> servers)
    {
        var nginx = new NginxRing(Loopback.FreePort());
        try
        {
            await nginx.StartProcessAsync(servers);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartProcessAsync(IEnumerable<(IPEndPoint At, int Weight)> servers)
    {
        var configuration = WriteConfiguration(servers);
        _process = ChildProcess.Start("nginx", "-p", _folder.Path, "-c", configuration, "-e", _folder.File("error.log"));
        await Eventually.HoldsAsync(
            "nginx balances",
            async () =>
            {
                Assert.False(_process.HasExited, $"nginx did not start:\n{_process.Printed}");
                return await AnswersAsync();
            });
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await Http.GetAsync(EndPoint)).Length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // max_fails=0: it forgets that a server refused, so each client is hashed as if it were the first.
    private string WriteConfiguration(IEnumerable<(IPEndPoint At, int Weight)> servers) => _folder.Write("nginx.conf", $$"""
        {{(File.Exists(StreamModule) ? $"load_module {StreamModule};" : "")}}
        daemon off;
        master_process off;
        pid {{_folder.File("nginx.pid")}};
        events { worker_connections 1024; }
        stream {
          upstream ring {
            hash $remote_addr consistent;
            {{string.Join("\n    ", servers.Select(s => $"server {s.At} weight={s.Weight} max_fails=0;"))}}
          }
          server { listen {{EndPoint}}; proxy_pass ring; }
        }
        """);
}
