using System.Globalization;
using System.Net;

namespace L4Lb.K8s.Config;

/// <summary>The connection that every pod is given: where the server is by environment, the rest by files.</summary>
internal static class InClusterConnection
{
    /// <summary>Where the kubelet puts the files.</summary>
    public const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private const string HostVariable = "KUBERNETES_SERVICE_HOST";
    private const string PortVariable = "KUBERNETES_SERVICE_PORT";

    /// <summary>The connection of this pod; null when this is none, for the reason in <paramref name="whyNot"/>.</summary>
    /// <exception cref="KubernetesConnectionException">What the pod was given is not complete.</exception>
    public static ApiConnection? Find(Func<string, string?> variable, string folder, TimeProvider time, out string whyNot)
    {
        whyNot = "";
        var (host, port) = (variable(HostVariable), variable(PortVariable));
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            whyNot = $"this is not a pod ({HostVariable} and {PortVariable} are not set)";
            return null;
        }

        var token = Path.Combine(folder, "token");
        if (!File.Exists(token))
        {
            whyNot = $"this pod has no service account's token ({token}; automountServiceAccountToken may be false)";
            return null;
        }

        var authority = Path.Combine(folder, "ca.crt");
        var name = Path.Combine(folder, "namespace");
        return new(ServerOf(host, port), new UserCredentials { Token = new(token, "token", time) })
        {
            Authority = new(authority, "certificate-authority", time),
            Namespace = File.Exists(name) ? new RefreshedFile(name, time).Read() : "default",
            Origin = "the service account of this pod",
        };
    }

    private static Uri ServerOf(string host, string port)
    {
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new KubernetesConnectionException($"{PortVariable}: {port} is no port");
        }

        var isIPv6 = IPAddress.TryParse(host, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        return Uri.TryCreate($"https://{(isIPv6 ? $"[{ip}]" : host)}:{number}/", UriKind.Absolute, out var server)
            ? server
            : throw new KubernetesConnectionException($"{HostVariable}: {host} is neither a name nor an address");
    }
}
