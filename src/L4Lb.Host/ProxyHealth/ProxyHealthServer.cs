using System.Net;

namespace L4Lb.Host.ProxyHealth;

/// <summary><c>/healthz</c> and <c>/livez</c> of a service proxy, as of kube-proxy on its port 10256.</summary>
internal static class ProxyHealthServer
{
    /// <summary>Starts to answer at an address; disposing of what is returned ends it.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be listened on.</exception>
    public static OpenPort Open(PortServer server, IPEndPoint address, IProxyHealth health, TimeProvider time) => server.Open(
        address,
        context => context.Request.Path.Value switch
        {
            "/healthz" => HealthAnswer.WriteHealthAsync(context, health, time.GetUtcNow()),
            "/livez" => HealthAnswer.WriteLivenessAsync(context, health, time.GetUtcNow()),
            _ => HealthAnswer.WriteNotFoundAsync(context),
        });
}
