namespace L4Lb.Testing.Cluster.Access;

/// <summary>The rights that the program has in a cluster: those of <c>deploy/base</c>.</summary>
internal static class DeployedRights
{
    /// <summary>The namespace that the program is deployed to, and has its Leases in.</summary>
    public const string Namespace = "l4lb-system";

    /// <summary>All of them.</summary>
    public static AccessRights All { get; } =
        AccessRights.Of(Kustomization.Read(Path.Combine(RepositoryFolder.Root, "deploy/base")), Namespace, "l4lb");
}
