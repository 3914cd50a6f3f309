namespace L4Lb.Testing.Cluster;

/// <summary>What the path of a request names: a kind, maybe a namespace, maybe one object, maybe a subresource of it.</summary>
internal sealed record ResourcePath(Kind Kind, string Namespace, string Name, bool Status)
{
    public ObjectKey Key => new(Kind, Namespace, Name);

    /// <exception cref="ApiError">Nothing is served there.</exception>
    public static ResourcePath Parse(string path)
    {
        var kinds = Kind.All.Where(k => path.StartsWith(k.Root + "/")).ToArray();
        if (kinds.Length == 0)
            throw ApiError.NoSuchPath();

        var parts = path[(kinds[0].Root.Length + 1)..].Split('/').Select(Uri.UnescapeDataString).ToArray();
        var inNamespace = parts is ["namespaces", _, not "status", ..];
        var @namespace = inNamespace ? parts[1] : "";
        var rest = inNamespace ? parts[2..] : parts;
        var kind = kinds.FirstOrDefault(k => k.Resource == rest[0] && (k.Namespaced || !inNamespace));

        // All namespaces at once can be listed and watched, and nothing else.
        return kind is null || rest.Length > (kind.Namespaced && !inNamespace ? 1 : 3) || rest.Contains("")
            || (rest.Length == 3 && (rest[2] != "status" || !kind.HasStatus))
            ? throw ApiError.NoSuchPath()
            : new(kind, @namespace, rest.ElementAtOrDefault(1) ?? "", rest.Length == 3);
    }

    public bool Covers(ObjectKey key) =>
        key.Kind == Kind && (Namespace.Length == 0 || key.Namespace == Namespace) && (Name.Length == 0 || key.Name == Name);
}
