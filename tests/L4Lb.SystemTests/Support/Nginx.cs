using System.Net;
using System.Net.Sockets;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// A real nginx of one process. It answers every request with the address that it was asked on, so one of them may
/// stand for several backends.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<string> _wrapper;
    private readonly string[] _listens;
    private readonly string _answer;
    private ChildProcess? _process;

    private Nginx(IEnumerable<string> wrapper, IEnumerable<string> listens, string answer = "$server_addr")
    {
        _wrapper = [.. wrapper];
        _listens = [.. listens];
        _answer = answer;
    }

    /// <summary>Starts one on addresses of this machine.</summary>
    public static Task<Nginx> StartAsync(params IEnumerable<IPEndPoint> listens)
    {
        IPEndPoint[] endPoints = [.. listens];
        return StartFirstAsync(new Nginx([], endPoints.Select(e => e.ToString())), () => Answers(endPoints[0]));
    }

    /// <summary>
    /// Starts one that must be sent a PROXY protocol header first, and answers with what it says: the client's address,
    /// and the address that the client asked.
    /// </summary>
    public static Task<Nginx> StartBehindProxyAsync(IPEndPoint listen)
    {
        var nginx = new Nginx([], [$"{listen} proxy_protocol"], "$proxy_protocol_addr $proxy_protocol_server_addr:$proxy_protocol_server_port");
        return StartFirstAsync(nginx, () => Task.FromResult(TcpTable.ListeningPorts(nginx._process!.Id).Contains(listen.Port)));
    }

    /// <summary>Starts one on every address of a namespace.</summary>
    public static Task<Nginx> StartAsync(NetworkNamespace space, int port, string answer = "$server_addr") => StartFirstAsync(
        new Nginx(space.Enter, [$"0.0.0.0:{port}", $"[::]:{port}"], answer),
        async () => (await space.CurlAsync($"http://127.0.0.1:{port}/")).ExitCode == 0);

    /// <summary>Starts it again after <see cref="KillAsync"/>.</summary>
    public Task StartAgainAsync() => StartAgainAsync(() => Answers(IPEndPoint.Parse(_listens[0])));

    /// <summary>Whether <c>/healthz</c> answers 200, or 404 from now on and at first.</summary>
    public void SetHealthy(bool isHealthy)
    {
        if (isHealthy)
        {
            _folder.Write("healthz", "ok");
        }
        else
        {
            File.Delete(_folder.File("healthz"));
        }
    }

    /// <summary>SIGKILL: from now on the kernel refuses its clients.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task<Nginx> StartFirstAsync(Nginx nginx, Func<Task<bool>> answers)
    {
        try
        {
            await nginx.StartAgainAsync(answers);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    private async Task StartAgainAsync(Func<Task<bool>> answers)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = ChildProcess.Start([.. _wrapper, "nginx", "-p", _folder.Path, "-c", WriteConfiguration(), "-e", _folder.File("error.log")]);
        await Eventually.HoldsAsync(
            "nginx answers",
            () =>
            {
                Assert.False(_process.HasExited, $"nginx did not start:\n{_process.Printed}");
                return answers();
            });
    }

    private string WriteConfiguration() => _folder.Write("nginx.conf", $$"""
        daemon off;
        master_process off;
        pid {{_folder.File("nginx.pid")}};
        events { worker_connections 8192; }
        http {
          access_log off;
          client_body_temp_path {{_folder.File("body")}};
          proxy_temp_path {{_folder.File("proxy")}};
          fastcgi_temp_path {{_folder.File("fastcgi")}};
          uwsgi_temp_path {{_folder.File("uwsgi")}};
          scgi_temp_path {{_folder.File("scgi")}};
          server {
            {{string.Join("\n    ", _listens.Select(l => $"listen {l} backlog=4096;"))}}
            location = /healthz { alias {{_folder.File("healthz")}}; }
            location / { return 200 "{{_answer}}"; }
          }
        }
        """);

    private static async Task<bool> Answers(IPEndPoint endPoint)
    {
        try
        {
            return await Http.GetAsync(endPoint) == endPoint.Address.ToString();
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
