namespace L4Lb.Testing.Cluster.Access;

/// <summary>A request in the words of authorization, made as the API server makes them (k8s.io/apiserver, RequestInfoFactory).</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete or deletecollection.</param>
/// <param name="Group">API group; empty for the core.</param>
/// <param name="Resource">Kind of object, as <c>services</c>.</param>
/// <param name="Subresource">Part of the object, as <c>status</c>; empty for the object.</param>
/// <param name="Namespace">Namespace; empty for all of them, and for what is in none.</param>
/// <param name="Name">One object; empty for many, and for one that is yet to be created.</param>
internal sealed record AccessRequest(string Verb, string Group, string Resource, string Subresource, string Namespace, string Name)
{
    private const string ByName = "metadata.name=";

    /// <summary>With its subresource, as rules name it.</summary>
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    /// <summary>What a request asks for; null when it is no resource, as <c>/version</c>.</summary>
    public static AccessRequest? Of(RecordedRequest request)
    {
        var (group, rest) = request.Path.Split('/').Skip(1).Select(Uri.UnescapeDataString).ToArray() switch
        {
            ["api", _, .. var inCore] => ("", inCore),
            ["apis", var named, _, .. var inGroup] => (named, inGroup),
            _ => ("", []),
        };
        if (rest.Length == 0)
            return null;

        // A namespace is a resource itself, when nothing in it is meant.
        var @namespace = rest is ["namespaces", var inside, ..] ? inside : "";
        if (rest is ["namespaces", _, not ("status" or "finalize"), ..])
            rest = rest[2..];

        var name = rest.ElementAtOrDefault(1) ?? "";
        var verb = VerbOf(request, isOne: name.Length > 0);
        if (verb is "list" or "watch")
            name = NameIn(request.Query.GetValueOrDefault("fieldSelector", ""));

        return new(verb, group, rest[0], rest.ElementAtOrDefault(2) ?? "", @namespace, name);
    }

    private static string VerbOf(RecordedRequest request, bool isOne) => request.Method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => isOne ? "delete" : "deletecollection",
        _ when isOne => "get",
        _ => request.IsWatch ? "watch" : "list",
    };

    // Who lists or watches a single object by its name needs no right to more.
    private static string NameIn(string selector) =>
        selector.Split(',').FirstOrDefault(static term => term.StartsWith(ByName, StringComparison.Ordinal))?[ByName.Length..] ?? "";
}
