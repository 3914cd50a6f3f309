using System.Net;
using System.Net.Sockets;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>A real nginx on loopback that answers with its name, and serves a big file under <c>/big</c>.</summary>
internal sealed class NginxBackend : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private ChildProcess? _process;

    private NginxBackend(string name, IPEndPoint endPoint) => (Name, EndPoint) = (name, endPoint);

    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    public static async Task<NginxBackend> StartAsync(string name, IPEndPoint? at = null)
    {
        Requires.Nginx();
        var backend = new NginxBackend(name, at ?? Loopback.FreeEndPoint());
        await backend.StartAsync();
        return backend;
    }

    /// <summary>Starts it, also again after it was stopped.</summary>
    public async Task StartAsync()
    {
        var path = _folder.Write("nginx.conf", $$"""
            daemon off; master_process off; pid {{_folder.Path}}/pid; error_log {{_folder.Path}}/log;
            events { worker_connections 4096; }
            http {
              access_log off; keepalive_requests 1000000;
              client_body_temp_path {{_folder.Path}}; proxy_temp_path {{_folder.Path}}; fastcgi_temp_path {{_folder.Path}};
              uwsgi_temp_path {{_folder.Path}}; scgi_temp_path {{_folder.Path}};
              server { listen {{EndPoint}} backlog=1024; location / { return 200 "{{Name}}"; } }
            }
            """);
        _process = new NginxProcess(["nginx", "-c", path, "-e", $"{_folder.Path}/log"]);
        await Eventually.HoldsAsync(IsListening, () => $"nginx {Name} does not listen on {EndPoint}: {_process.Output}");
    }

    /// <summary>Stops it as a crash would.</summary>
    public async Task CrashAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await CrashAsync();
        }

        _folder.Dispose();
    }

    private bool IsListening()
    {
        using var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(EndPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class NginxProcess(IEnumerable<string> command) : ChildProcess(command);
}
