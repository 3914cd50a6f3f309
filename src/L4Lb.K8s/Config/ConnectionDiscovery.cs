namespace L4Lb.K8s.Config;

/// <summary>
/// Finds the cluster, in this order: the kubeconfig that was asked for, those of <c>KUBECONFIG</c>, the pod's own cluster,
/// <c>~/.kube/config</c>. What is named and wrong is an error; only what is not there is passed over.
/// </summary>
/// <param name="variable">Environment variables.</param>
/// <param name="home">The home folder; empty when there is none.</param>
/// <param name="serviceAccount">Folder of the service account's files.</param>
/// <param name="time">Clock.</param>
internal sealed class ConnectionDiscovery(Func<string, string?> variable, string home, string serviceAccount, TimeProvider time)
{
    private const string Variable = "KUBECONFIG";

    /// <summary>That of this process.</summary>
    public static ConnectionDiscovery OfProcess { get; } = new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        InClusterConnection.DefaultFolder,
        TimeProvider.System);

    /// <summary>The connection to use.</summary>
    /// <param name="kubeconfig">The file that was asked for; null for none.</param>
    /// <param name="context">The context that was asked for; null for the current one.</param>
    /// <exception cref="KubernetesConnectionException">There is none, or what there is cannot be used.</exception>
    public ApiConnection Find(string? kubeconfig, string? context)
    {
        if (!string.IsNullOrEmpty(kubeconfig))
        {
            return Load([kubeconfig], context);
        }

        if (variable(Variable) is { Length: > 0 } list)
        {
            return Load(FilesOf(list), context);
        }

        // A context is a thing of kubeconfigs.
        var whyNot = "a context was asked for";
        if (context is null && InClusterConnection.Find(variable, serviceAccount, time, out whyNot) is { } inCluster)
        {
            return inCluster;
        }

        var file = Path.Combine(home, ".kube", "config");
        return home.Length > 0 && File.Exists(file)
            ? Load([file], context)
            : throw new KubernetesConnectionException(
                $"there is no way to a cluster: no --kubeconfig was given, {Variable} is not set, {whyNot}, and there is no {file}; give --kubeconfig FILE");
    }

    private ApiConnection Load(IReadOnlyList<string> files, string? context) =>
        KubeConfigConnection.Make(KubeConfig.Load(files), context, time);

    // Files of the list that do not exist yet are no error, as for kubectl; if none does, the list is one.
    private static List<string> FilesOf(string list)
    {
        var files = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(File.Exists)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0 ? files : throw new KubernetesConnectionException($"{Variable}: none of the files of {list} exists");
    }
}
