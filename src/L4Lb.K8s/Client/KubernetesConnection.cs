using L4Lb.K8s.Config;

namespace L4Lb.K8s.Client;

/// <summary>A cluster and how to talk to it: found, complete as far as can be told without asking it, and not yet connected to.</summary>
public sealed class KubernetesConnection
{
    private readonly ApiConnection _connection;

    private KubernetesConnection(ApiConnection connection) => _connection = connection;

    /// <summary>Namespace of whatever names none.</summary>
    public string Namespace => _connection.Namespace;

    /// <summary>
    /// Finds the cluster: by <paramref name="kubeconfig"/>, else by the environment variable KUBECONFIG (several files, the first
    /// of which to name something wins), else as a pod, else by <c>~/.kube/config</c>.
    /// </summary>
    /// <param name="kubeconfig">Path of a kubeconfig; null to go on with the others.</param>
    /// <param name="context">Context of the kubeconfig; null for its current one.</param>
    /// <exception cref="KubernetesConnectionException">There is none, or it cannot be used as it is written.</exception>
    public static KubernetesConnection Discover(string? kubeconfig = null, string? context = null) =>
        From(ConnectionDiscovery.OfProcess.Find(kubeconfig, context));

    /// <summary>The server, and where that is written; no secrets.</summary>
    public override string ToString() => _connection.ToString();

    /// <summary>The connection, once its credentials have been looked at.</summary>
    /// <exception cref="KubernetesConnectionException">They are none.</exception>
    internal static KubernetesConnection From(ApiConnection connection)
    {
        var known = connection.Credentials.Known;
        var material = new TlsMaterial(connection.Authority?.Read(), known?.CertificatePem, known?.KeyPem);
        try
        {
            material.CreateHandler(connection).Dispose();
        }
        catch (KubernetesConnectionException e)
        {
            throw new KubernetesConnectionException($"{connection.Origin}: {e.Message}", e);
        }

        return new(connection);
    }

    /// <summary>A client of this cluster.</summary>
    internal KubernetesApi Open(ApiClientOptions? options = null) => new(_connection, options);
}
