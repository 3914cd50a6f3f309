using System.Text.Json.Nodes;

namespace L4Lb.Testing.Cluster.Access;

/// <summary>What a service account may do: the rules of the roles that are bound to it. Immutable.</summary>
/// <param name="User">The account as the API server calls it.</param>
/// <param name="Grants">Each verb of each rule.</param>
internal sealed record AccessRights(string User, IReadOnlyList<AccessGrant> Grants)
{
    /// <summary>The rights of a service account by manifests, which have to have every role that they bind to it.</summary>
    public static AccessRights Of(IReadOnlyList<JsonObject> manifests, string @namespace, string account)
    {
        var bindings =
            from binding in manifests
            where (string?)binding["kind"] is "ClusterRoleBinding" or "RoleBinding"
            where Items(binding["subjects"]).Any(s => Text(s, "kind") == "ServiceAccount" && Text(s, "name") == account && Text(s, "namespace") == @namespace)
            select binding;
        var grants =
            from binding in bindings
            let role = manifests.Single(m => Text(m, "kind") == Text(binding["roleRef"], "kind") && m.Name() == Text(binding["roleRef"], "name")
                && (Text(m, "kind") == "ClusterRole" || m.Meta("namespace") == binding.Meta("namespace")))
            from grant in GrantsOf(role, Text(binding, "kind") == "ClusterRoleBinding" ? "" : binding.Meta("namespace")!)
            select grant;
        return new($"system:serviceaccount:{@namespace}:{account}", [.. grants]);
    }

    /// <summary>The rights of those roles alone.</summary>
    public AccessRights Only(params IReadOnlyList<string> roles) => this with { Grants = [.. Grants.Where(g => roles.Contains(g.Role))] };

    /// <summary>What nothing of what was asked has needed.</summary>
    public IEnumerable<AccessGrant> Unused(IReadOnlyCollection<RecordedRequest> requests)
    {
        var asked = requests.Select(AccessRequest.Of).OfType<AccessRequest>().ToHashSet();
        return Grants.Where(g => !asked.Any(g.Allows));
    }

    /// <summary>The refusal of a request that no rule allows; null when one does.</summary>
    public ApiError? Refusal(RecordedRequest request) =>
        AccessRequest.Of(request) is not { } asked ? ApiError.Forbidden(User, $"{request.Method.ToLowerInvariant()} path \"{request.Path}\"")
        : Grants.Any(g => g.Allows(asked)) ? null
        : ApiError.Forbidden(User, asked);

    private static IEnumerable<AccessGrant> GrantsOf(JsonObject role, string @namespace) =>
        from rule in Items(role["rules"])
        from verb in Texts(rule!["verbs"])
        from @group in Texts(rule["apiGroups"])
        from resource in Texts(rule["resources"])
        from name in rule["resourceNames"] is { } names ? Texts(names) : [""]
        select new AccessGrant(role.Name(), @namespace, @group, resource, verb, name);

    private static IEnumerable<JsonNode?> Items(JsonNode? list) => list as JsonArray ?? [];

    private static IEnumerable<string> Texts(JsonNode? list) => Items(list).Select(static item => (string)item!);

    private static string? Text(JsonNode? mapping, string field) => (string?)mapping?[field];
}
