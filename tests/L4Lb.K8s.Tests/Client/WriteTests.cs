using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Client;

public sealed class WriteTests : ClientTest
{
    private static readonly ObjectName s_web = new("default", "web");
    private static readonly DateTimeOffset s_renewed = new(2026, 1, 2, 3, 4, 5, 120, TimeSpan.Zero);

    [Fact]
    public async Task A_patch_of_status_leaves_the_rest_alone()
    {
        Cluster.Put(Service("web", "x"));
        var patch = JsonBody.Object(static w =>
        {
            w.WriteStartObject("status");
            w.WriteStartObject("loadBalancer");
            w.WriteStartArray("ingress");
            w.WriteStartObject();
            w.WriteString("ip", "10.0.0.7");
            w.WriteEndObject();
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });
        var service = await Client().MergePatchAsync(Resources.Services, s_web, "status", patch, Cancellation);
        Assert.Equal("10.0.0.7", service.Ingress[0].IP);
        Assert.Equal("x", service.Metadata.Labels["app"]);
        var request = Cluster.Requests.Single();
        Assert.Equal(("PATCH", "/api/v1/namespaces/default/services/web/status"), (request.Method, request.Path));
        Assert.Equal("application/merge-patch+json", request.Headers["content-type"]);
    }

    [Fact]
    public async Task A_patch_of_a_version_that_is_past_is_a_conflict()
    {
        Cluster.Put(Service("web"));
        var status = await FailsAsync(() => Client().MergePatchAsync(
            Resources.Services, s_web, null, """{"metadata":{"resourceVersion":"1","finalizers":["a/b"]}}"""u8.ToArray(), Cancellation));
        Assert.True(status is { IsConflict: true, Reason: "Conflict" });
    }

    [Fact]
    public async Task Of_two_who_replace_the_same_lease_one_gets_it()
    {
        var client = Client();
        var made = await client.CreateAsync(Resources.Leases, "default", ApiContract.LeaseOf("a", null, s_renewed), Cancellation);
        Assert.Equal(("a", TimeSpan.FromSeconds(15)), (made.Holder, made.Duration));
        Assert.Equal(s_renewed, made.RenewTime);
        var again = await FailsAsync(() => client.CreateAsync(Resources.Leases, "default", ApiContract.LeaseOf("b", null, s_renewed), Cancellation));
        Assert.True(again is { IsConflict: true, Reason: "AlreadyExists" });

        var name = made.Metadata.ObjectName;
        var body = ApiContract.LeaseOf("b", made.Metadata.ResourceVersion, s_renewed);
        var taken = await client.ReplaceAsync(Resources.Leases, name, body, Cancellation);
        Assert.Equal("b", taken.Holder);
        Assert.True((await FailsAsync(() => client.ReplaceAsync(Resources.Leases, name, body, Cancellation))).IsConflict);
        Assert.Equal("b", (await client.GetAsync(Resources.Leases, name, Cancellation)).Holder);
    }
}
