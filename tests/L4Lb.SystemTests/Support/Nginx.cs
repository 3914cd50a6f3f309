using System.Net;
using System.Net.Sockets;

namespace L4Lb.SystemTests.Support;

/// <summary>
/// A real nginx of one process. It answers every request with the address that it was asked on, so one of them may
/// stand for several backends. <c>/healthz</c> answers 200 or 503, as it is told.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<string> _wrapper;
    private readonly string[] _listens;
    private ChildProcess? _process;

    private Nginx(IEnumerable<string> wrapper, IEnumerable<string> listens)
    {
        _wrapper = [.. wrapper];
        _listens = [.. listens];
    }

    /// <summary>Starts one on addresses of this machine.</summary>
    public static Task<Nginx> StartAsync(params IEnumerable<IPEndPoint> listens)
    {
        IPEndPoint[] endPoints = [.. listens];
        return StartFirstAsync(new Nginx([], endPoints.Select(e => e.ToString())), () => Answers(endPoints[0]));
    }

    /// <summary>Starts one on every address of a namespace.</summary>
    public static Task<Nginx> StartAsync(NetworkNamespace space, int port) => StartFirstAsync(
        new Nginx(space.Enter, [$"0.0.0.0:{port}", $"[::]:{port}"]),
        async () => (await space.CurlAsync($"http://127.0.0.1:{port}/")).ExitCode == 0);

    /// <summary>Starts it again after <see cref="KillAsync"/>.</summary>
    public Task StartAgainAsync() => StartAgainAsync(() => Answers(IPEndPoint.Parse(_listens[0])));

    /// <summary>Whether <c>/healthz</c> answers 200 from now on, or 503; everything else is served as ever.</summary>
    public void SetHealthy(bool healthy)
    {
        if (healthy)
        {
            _folder.Write("healthz", "fine\n");
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

        SetHealthy(healthy: true);
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
            location / { return 200 "$server_addr"; }
            location = /healthz { root {{_folder.Path}}; try_files /healthz =503; }
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
