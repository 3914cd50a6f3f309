using System.Text.Json.Nodes;

namespace L4Lb.K8s.Tests.Cluster;

public sealed class WriteTests : ClusterTest
{
    [Fact]
    public async Task What_is_created_gets_an_identity_and_a_version_and_no_status()
    {
        var sent = Service("web");
        sent["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        var (code, made) = await SendAsync("POST", Services, sent);
        Assert.Equal(201, code);
        Assert.True(Guid.TryParse(made.Meta("uid"), out _));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", made.Meta("creationTimestamp"));
        Assert.Equal("default", made.Meta("namespace"));
        Assert.Equal(Cluster.Store.Version, made.Version());
        Assert.Null(made["status"]);

        IsStatus(await SendAsync("POST", Services, Service("web")), 409, "AlreadyExists");
        IsStatus(await SendAsync("POST", Services, Service("")), 422, "Invalid");
        IsStatus(await SendAsync("POST", Services, Pool("web")), 400, "BadRequest");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var answer = await GetAsync(Services + "/web");
        IsStatus(answer, 404, "NotFound");
        Assert.Equal("services \"web\" not found", (string?)answer.Body["message"]);
        Assert.Equal("services", (string?)answer.Body["details"]!["kind"]);
        IsStatus(await GetAsync("/apis/l4lb.io/v2/addresspools"), 404, "NotFound");
        IsStatus(await PatchAsync(Services + "/web", "{}"), 404, "NotFound");
        IsStatus(await SendAsync("DELETE", Services + "/web"), 404, "NotFound");
    }

    [Fact]
    public async Task Only_one_of_two_who_read_the_same_version_replaces_it()
    {
        var lease = JsonNode.Parse("""
            {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"leader"},
             "spec":{"holderIdentity":"a","renewTime":"2026-01-02T03:04:05.000000Z"}}
            """)!.AsObject();
        var (_, read) = await SendAsync("POST", Leases, lease);
        read["spec"]!["holderIdentity"] = "b";
        var (code, won) = await SendAsync("PUT", Leases + "/leader", read);
        Assert.Equal(200, code);
        Assert.True(won.Version() > read.Version());

        read["spec"]!["holderIdentity"] = "c";
        IsStatus(await SendAsync("PUT", Leases + "/leader", read), 409, "Conflict");
        IsStatus(await SendAsync("PUT", Leases + "/leader", lease), 422, "Invalid");
        Assert.Equal("b", (string?)Cluster.Get(Kind.Lease, "leader")!["spec"]!["holderIdentity"]);

        won["spec"]!["renewTime"] = "2026-01-02T03:04:05Z";
        IsStatus(await SendAsync("PUT", Leases + "/leader", won), 400, "BadRequest");
    }

    [Fact]
    public async Task A_patch_touches_what_it_names_and_respects_the_version_it_names()
    {
        Cluster.Put(Service("web", "a"));
        var (code, patched) = await PatchAsync(
            Services + "/web",
            """{"metadata":{"labels":{"app":null,"tier":"front"}},"spec":{"type":"LoadBalancer"},"status":{"x":1}}""");
        Assert.Equal(200, code);
        Assert.Equal("""{"tier":"front"}""", patched["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("""{"ports":[{"port":80}],"type":"LoadBalancer"}""", patched["spec"]!.ToJsonString());
        Assert.Null(patched["status"]);

        IsStatus(await PatchAsync(Services + "/web", """{"metadata":{"resourceVersion":"1"}}"""), 409, "Conflict");
        IsStatus(await SendAsync("PATCH", Services + "/web", [], "application/json-patch+json"), 415, "UnsupportedMediaType");

        var (_, same) = await PatchAsync(Services + "/web", """{"spec":{"type":"LoadBalancer"}}""");
        Assert.Equal(patched.Version(), same.Version());
        Assert.Equal(patched.Version(), Cluster.Store.Version);
    }

    [Fact]
    public async Task A_patch_of_status_touches_only_status()
    {
        Cluster.Put(Service("web"));
        var (code, patched) = await PatchAsync(
            Services + "/web/status",
            """{"metadata":{"labels":{"a":"b"}},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.1"}]}}}""");
        Assert.Equal(200, code);
        Assert.Equal("10.0.0.1", (string?)patched["status"]!["loadBalancer"]!["ingress"]![0]!["ip"]);
        Assert.Null(patched["spec"]!["type"]);
        Assert.Null(patched["metadata"]!["labels"]);

        patched.Remove("status");
        var (_, replaced) = await SendAsync("PUT", Services + "/web", patched);
        Assert.NotNull(replaced["status"]!["loadBalancer"]);
        IsStatus(await PatchAsync(Leases + "/leader/status", "{}"), 404, "NotFound");
    }

    [Fact]
    public async Task Generations_count_what_is_wanted_alone()
    {
        var (_, made) = await SendAsync("POST", Pools, Pool("blue"));
        Assert.Equal("1", made.Meta("generation"));
        Assert.Equal("1", (await PatchAsync(Pools + "/blue/status", """{"status":{"free":3}}""")).Body.Meta("generation"));
        Assert.Equal("1", (await PatchAsync(Pools + "/blue", """{"metadata":{"labels":{"a":"b"}}}""")).Body.Meta("generation"));
        Assert.Equal("2", (await PatchAsync(Pools + "/blue", """{"spec":{"addresses":[]}}""")).Body.Meta("generation"));
    }

    [Fact]
    public async Task Deletion_waits_for_the_last_finalizer()
    {
        Cluster.Put(Pool("blue", "10.0.0.0/24", "l4lb.io/a", "l4lb.io/b"));
        var (_, marked) = await SendAsync("DELETE", Pools + "/blue");
        Assert.NotNull(marked.Meta("deletionTimestamp"));
        var (_, again) = await SendAsync("DELETE", Pools + "/blue");
        Assert.Equal(marked.Version(), again.Version());

        IsStatus(await PatchAsync(Pools + "/blue", """{"metadata":{"finalizers":["l4lb.io/a","new/c"]}}"""), 422, "Invalid");
        Assert.Equal(200, (await PatchAsync(Pools + "/blue", """{"metadata":{"finalizers":["l4lb.io/b"]}}""")).Code);
        Assert.NotNull(Cluster.Get(Kind.AddressPool, "blue"));
        Assert.Equal(200, (await PatchAsync(Pools + "/blue", """{"metadata":{"finalizers":null}}""")).Code);
        Assert.Null(Cluster.Get(Kind.AddressPool, "blue"));
    }

    [Fact]
    public async Task What_nobody_holds_is_gone_at_once_when_it_is_the_one_that_was_meant()
    {
        Cluster.Put(Service("web"));
        var options = JsonNode.Parse("""{"preconditions":{"uid":"another"}}""")!.AsObject();
        IsStatus(await SendAsync("DELETE", Services + "/web", options), 409, "Conflict");
        var (code, status) = await SendAsync("DELETE", Services + "/web");
        Assert.Equal(200, code);
        Assert.Equal("Success", (string?)status["status"]);
        Assert.Null(Cluster.Get(Kind.Service, "web"));
    }
}
