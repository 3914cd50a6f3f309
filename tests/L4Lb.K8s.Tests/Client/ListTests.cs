using L4Lb.K8s.Client;

namespace L4Lb.K8s.Tests.Client;

public sealed class ListTests : ClientTest
{
    [Fact]
    public async Task A_list_is_read_in_pages_of_one_moment()
    {
        Cluster.Put(Service("a")).Put(Service("b")).Put(Service("c")).Put(Service("d")).Put(Service("e"));
        var version = Cluster.Store.Version;
        Cluster.Spoil(
            (context, answer) =>
            {
                // While the second page is on its way.
                Cluster.Put(Service("f")).Delete(Kind.Service, "e");
                return answer(context);
            },
            static r => r.Query.ContainsKey("continue"));
        var list = await Client(new() { PageSize = 2 }).ListAsync(Resources.Services, Default, Cancellation);
        Assert.Equal("a b c d e", Names(list.Items));
        Assert.Equal($"{version}", list.ResourceVersion);
        Assert.Equal(3, Cluster.Requests.Count);
        Assert.All(Cluster.Requests, static r => Assert.Equal("2", r.Query["limit"]));
    }

    [Fact]
    public async Task A_page_that_is_gone_makes_the_whole_list_come_anew_and_at_once()
    {
        Cluster.Put(Service("a")).Put(Service("b")).Put(Service("c"));
        Cluster.Spoil(
            (context, answer) =>
            {
                Cluster.Delete(Kind.Service, "a").Compact();
                return answer(context);
            },
            static r => r.Query.ContainsKey("continue"));
        var list = await Client(new() { PageSize = 1 }).ListAsync(Resources.Services, Default, Cancellation);
        Assert.Equal("b c", Names(list.Items));
        Assert.Equal($"{Cluster.Store.Version}", list.ResourceVersion);
        Assert.Equal(3, Cluster.Requests.Count);
        Assert.False(Cluster.Requests[^1].Query.ContainsKey("limit"));
    }

    [Fact]
    public async Task Any_other_refusal_of_a_page_fails_the_list()
    {
        Cluster.Put(Service("a")).Put(Service("b"));
        Cluster.Spoil(Faults.Answer(ApiError.ServiceUnavailable()), static r => r.Query.ContainsKey("continue"));
        var client = Client(new() { PageSize = 1 });
        Assert.Equal(503, (await FailsAsync(() => client.ListAsync(Resources.Services, Default, Cancellation))).Code);
        Cluster.Spoil(Faults.Gone, times: 2);
        Assert.True((await FailsAsync(() => client.ListAsync(Resources.Services, Default, Cancellation))).IsExpired);
    }

    [Fact]
    public async Task Selectors_arrive_as_they_were_given()
    {
        Cluster.Put(Service("a", "x")).Put(Service("b", "y")).Put(Service("c"));
        var client = Client();
        var labels = new ApiScope("default", LabelSelector: "app in (x,y),app!=x");
        Assert.Equal("b", Names((await client.ListAsync(Resources.Services, labels, Cancellation)).Items));
        var fields = new ApiScope("default", FieldSelector: "metadata.name=c");
        Assert.Equal("c", Names((await client.ListAsync(Resources.Services, fields, Cancellation)).Items));
        Assert.Equal("app in (x,y),app!=x", Cluster.Requests[0].Query["labelSelector"]);
    }

    [Fact]
    public async Task Namespaces_can_be_listed_one_by_one_or_all_at_once()
    {
        var elsewhere = Service("b");
        elsewhere.Metadata()["namespace"] = "other";
        Cluster.Put(Service("a")).Put(elsewhere);
        var client = Client();
        Assert.Equal("b", Names((await client.ListAsync(Resources.Services, new("other"), Cancellation)).Items));
        var all = await client.ListAsync(Resources.Services, ApiScope.All, Cancellation);
        Assert.Equal("default/a other/b", string.Join(' ', all.Items.Select(static s => s.Metadata.ObjectName)));
        Assert.All(all.Items, static s => Assert.True(s.Metadata is { Uid.Length: 36, ResourceVersion.Length: > 2 }));
    }

    [Fact]
    public async Task A_list_in_crumbs_is_the_same_list()
    {
        Cluster.Put(Service("a", "ä€𝄞")).Put(Service("b"));
        Cluster.Spoil(Faults.Trickle(7, TimeSpan.FromMilliseconds(1)));
        var list = await Client().ListAsync(Resources.Services, Default, Cancellation);
        Assert.Equal("ä€𝄞", list.Items[0].Metadata.Labels["app"]);
        Assert.Equal("a b", Names(list.Items));
    }

    [Fact]
    public async Task A_kind_that_the_server_does_not_know_is_not_found()
    {
        var none = Resources.Services with { Plural = "nothings" };
        Assert.True((await FailsAsync(() => Client().ListAsync(none, Default, Cancellation))).IsNotFound);
    }
}
