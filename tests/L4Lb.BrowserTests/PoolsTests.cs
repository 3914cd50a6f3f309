using L4Lb.BrowserTests.Support;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;
using L4Lb.Testing.Cluster;
using Microsoft.Playwright;

namespace L4Lb.BrowserTests;

/// <summary>Addresses in front of a cluster: pools, and who waits for one.</summary>
public sealed class PoolsTests(Chromium chromium) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_Service_that_waits_is_shown_with_the_reason_until_it_has_an_address()
    {
        Chromium.Require();
        await using var cluster = await TestCluster.StartAsync();
        cluster.Put(Pool("192.0.2.1")).Put(Service("first", 1));
        await using var l4lb = await L4LbProcess.StartAsync(
            "--kubernetes", "--kubeconfig", Kubeconfig(cluster), "--node-name", "here", "--serve", "NodePort", "--shards", "1");
        await using var tab = await chromium.OpenAsync(l4lb.Admin);
        await tab.GoAsync("addresses");
        await Assertions.Expect(tab.Row("public")).ToContainTextAsync("1 / 1");

        cluster.Put(Service("second", 2));

        var waits = tab.Row("default/second").First;
        await Assertions.Expect(waits).ToContainTextAsync("PoolExhausted");
        await tab.PictureAsync("pools");
        Assert.Empty(await Axe.FindAsync(tab.Page));
        await tab.GoAsync();
        await Assertions.Expect(tab.Page.Locator(".verdict")).ToContainTextAsync("default/second waits for an address");

        cluster.Put(Pool("192.0.2.1-192.0.2.2"));
        await Assertions.Expect(tab.Page.Locator(".verdict")).Not.ToContainTextAsync("waits for an address");
        await tab.GoAsync("addresses");
        await Assertions.Expect(tab.Row("public")).ToContainTextAsync("2 / 2");
    }

    public void Dispose() => _folder.Dispose();

    private static string Pool(string addresses) => $$$"""
        {"apiVersion": "l4lb.io/v1alpha1", "kind": "AddressPool", "metadata": {"name": "public"}, "spec": {"addresses": ["{{{addresses}}}"]}}
        """;

    private static string Service(string name, int number) => $$$"""
        {
          "apiVersion": "v1", "kind": "Service", "metadata": {"name": "{{{name}}}"},
          "spec": {
            "type": "LoadBalancer", "clusterIP": "10.96.0.{{{number}}}", "clusterIPs": ["10.96.0.{{{number}}}"], "ipFamilies": ["IPv4"],
            "externalTrafficPolicy": "Cluster", "internalTrafficPolicy": "Cluster", "sessionAffinity": "None",
            "ports": [{"port": 80, "protocol": "TCP", "targetPort": 8080, "nodePort": {{{30080 + number}}}}]
          }
        }
        """;

    private string Kubeconfig(TestCluster cluster) => _folder.Write("kubeconfig", $$$"""
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "{{{cluster.Address}}}"}}]
        users: [{name: u, user: {}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """);
}
