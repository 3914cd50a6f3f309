using L4Lb.Testing.Cluster.Access;

namespace L4Lb.K8s.Tests.Cluster;

/// <summary>Who may do what, as RBAC has it: the double against the rules of the real one.</summary>
public sealed class AccessTests : ClusterTest
{
    private static readonly string s_rules =
        """
        kind: ClusterRole
        metadata: {name: reader}
        rules:
          - {apiGroups: [""], resources: [services, nodes], verbs: [list, watch]}
          - {apiGroups: [""], resources: [services/status], verbs: [patch]}
          - {apiGroups: [""], resources: [services], verbs: [update], resourceNames: [web]}
        ---
        kind: Role
        metadata: {name: leaser, namespace: ours}
        rules:
          - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create]}
          - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, watch, create], resourceNames: [mine]}
        ---
        kind: ClusterRoleBinding
        metadata: {name: reader}
        roleRef: {kind: ClusterRole, name: reader}
        subjects: [{kind: ServiceAccount, name: me, namespace: ours}]
        ---
        kind: RoleBinding
        metadata: {name: leaser, namespace: ours}
        roleRef: {kind: Role, name: leaser}
        subjects: [{kind: ServiceAccount, name: me, namespace: ours}, {kind: ServiceAccount, name: you, namespace: ours}]
        """;

    [Theory]
    [InlineData("GET", "/api/v1/services", "list services  ''")]
    [InlineData("GET", "/api/v1/services?watch=true", "watch services  ''")]
    [InlineData("GET", "/api/v1/namespaces/a/services", "list services a ''")]
    [InlineData("GET", "/api/v1/namespaces/a/services/b", "get services a 'b'")]
    [InlineData("GET", "/api/v1/nodes?fieldSelector=metadata.name%3Dn&watch=1", "watch nodes  'n'")]
    [InlineData("GET", "/api/v1/namespaces", "list namespaces  ''")]
    [InlineData("GET", "/api/v1/namespaces/a", "get namespaces a 'a'")]
    [InlineData("PATCH", "/api/v1/namespaces/a/status", "patch namespaces/status a 'a'")]
    [InlineData("PATCH", "/api/v1/namespaces/a/services/b/status", "patch services/status a 'b'")]
    [InlineData("PUT", "/apis/coordination.k8s.io/v1/namespaces/a/leases/b", "update leases.coordination.k8s.io a 'b'")]
    [InlineData("POST", "/apis/events.k8s.io/v1/namespaces/a/events", "create events.events.k8s.io a ''")]
    [InlineData("DELETE", "/api/v1/namespaces/a/services/b", "delete services a 'b'")]
    [InlineData("DELETE", "/api/v1/namespaces/a/services", "deletecollection services a ''")]
    [InlineData("GET", "/version", null)]
    [InlineData("GET", "/apis/l4lb.io/v1alpha1", null)]
    public void Requests_are_named_as_the_API_server_names_them(string method, string pathAndQuery, string? expected)
    {
        var asked = AccessRequest.Of(Request(method, pathAndQuery));
        Assert.Equal(
            expected,
            asked is null ? null : $"{asked.Verb} {asked.FullResource}{(asked.Group.Length > 0 ? "." : "")}{asked.Group} {asked.Namespace} '{asked.Name}'");
    }

    [Theory]
    [InlineData(true, "GET", "/api/v1/services")]
    [InlineData(true, "GET", "/api/v1/namespaces/any/services?watch=true")]
    [InlineData(false, "GET", "/api/v1/namespaces/any/services/web")]
    [InlineData(true, "PATCH", "/api/v1/namespaces/any/services/web/status")]
    [InlineData(false, "PATCH", "/api/v1/namespaces/any/services/web")]
    [InlineData(true, "PUT", "/api/v1/namespaces/any/services/web")]
    [InlineData(false, "PUT", "/api/v1/namespaces/any/services/other")]
    [InlineData(false, "DELETE", "/api/v1/namespaces/any/services/web")]
    [InlineData(false, "GET", "/apis/discovery.k8s.io/v1/services")]
    [InlineData(true, "POST", "/apis/coordination.k8s.io/v1/namespaces/ours/leases")]
    [InlineData(false, "POST", "/apis/coordination.k8s.io/v1/namespaces/theirs/leases")]
    [InlineData(true, "GET", "/apis/coordination.k8s.io/v1/namespaces/ours/leases/mine")]
    [InlineData(false, "GET", "/apis/coordination.k8s.io/v1/namespaces/ours/leases/yours")]
    [InlineData(false, "GET", "/apis/coordination.k8s.io/v1/namespaces/ours/leases?watch=true")]
    [InlineData(true, "GET", "/apis/coordination.k8s.io/v1/namespaces/ours/leases?watch=true&fieldSelector=metadata.name%3Dmine")]
    [InlineData(false, "GET", "/version")]
    public void What_a_rule_allows_is_allowed_and_nothing_else(bool isAllowed, string method, string pathAndQuery) =>
        Assert.Equal(isAllowed, RightsOf("me").Refusal(Request(method, pathAndQuery)) is null);

    [Fact]
    public void A_name_gives_no_right_to_create()
    {
        var rights = RightsOf("me");
        var named = rights with { Grants = [.. rights.Grants.Where(static g => g.Name.Length > 0)] };
        Assert.NotNull(named.Refusal(Request("POST", "/apis/coordination.k8s.io/v1/namespaces/ours/leases")));
    }

    [Fact]
    public void Who_is_bound_to_one_role_has_that_one()
    {
        Assert.Equal(["leaser"], RightsOf("you").Grants.Select(static g => g.Role).Distinct());
        Assert.Equal(RightsOf("you").Grants, RightsOf("me").Only("leaser").Grants);
        Assert.Empty(RightsOf("nobody").Grants);
    }

    [Fact]
    public async Task What_is_not_allowed_is_forbidden_in_the_servers_words()
    {
        Cluster.Rights = RightsOf("me");
        Assert.Equal(200, (await GetAsync("/api/v1/services")).Code);

        var forbidden = await GetAsync("/apis/coordination.k8s.io/v1/namespaces/ours/leases/yours");
        IsStatus(forbidden, 403, "Forbidden");
        Assert.Equal(
            "leases.coordination.k8s.io \"yours\" is forbidden: User \"system:serviceaccount:ours:me\" cannot get resource \"leases\" in API group "
            + "\"coordination.k8s.io\" in the namespace \"ours\"",
            (string?)forbidden.Body["message"]);
        Assert.Equal([(string)forbidden.Body["message"]!], Cluster.Refusals);
    }

    private static AccessRights RightsOf(string account) => AccessRights.Of([.. Kustomization.Parse(s_rules)], "ours", account);

    private static RecordedRequest Request(string method, string pathAndQuery)
    {
        var uri = new Uri("http://localhost" + pathAndQuery);
        var query = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static q => q.Split('='))
            .ToDictionary(static q => q[0], static q => Uri.UnescapeDataString(q[1]));
        return new(method, uri.AbsolutePath, query, "");
    }
}
