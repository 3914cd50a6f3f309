using System.Net;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>A real HAProxy that relays TCP from one address to another.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;

    private HaProxy(IPEndPoint at, string bindOptions, IPEndPoint to, string serverOptions)
    {
        var configuration = _folder.Write("haproxy.cfg", $"""
            global
              maxconn 1000
            defaults
              mode tcp
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            listen relay
              bind {at} {bindOptions}
              server next {to} {serverOptions}

            """);
        _process = ChildProcess.Start("haproxy", "-db", "-f", configuration);
    }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="at">Where it listens.</param>
    /// <param name="to">Where it relays to.</param>
    /// <param name="bindOptions">More of the bind line, such as <c>accept-proxy</c>.</param>
    /// <param name="serverOptions">More of the server line, such as <c>send-proxy-v2</c>.</param>
    public static async Task<HaProxy> StartAsync(IPEndPoint at, IPEndPoint to, string bindOptions = "", string serverOptions = "")
    {
        var haproxy = new HaProxy(at, bindOptions, to, serverOptions);
        try
        {
            await Eventually.HoldsAsync(
                "haproxy listens",
                () =>
                {
                    Assert.False(haproxy._process.HasExited, $"haproxy did not start:\n{haproxy._process.Printed}");
                    return TcpTable.ListeningPorts(haproxy._process.Id).Contains(at.Port);
                });
            return haproxy;
        }
        catch
        {
            await haproxy.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
