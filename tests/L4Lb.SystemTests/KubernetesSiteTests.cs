using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.SystemTests.Support.Kubernetes;

namespace L4Lb.SystemTests;

/// <summary>That the cluster of namespaces is one: everything else about Kubernetes stands on it.</summary>
public sealed class KubernetesSiteTests
{
    [Fact]
    public async Task Pods_of_every_node_are_reached_from_every_node_and_the_client_reaches_nodes_only()
    {
        Requirements.Nginx();
        await using var site = await Site.BuildAsync(nodes: 2);
        var pod = await site.Nodes[1].StartPodAsync();

        foreach (var node in site.Nodes)
        {
            Assert.Equal(pod.Address.ToString(), await GetAsync(node.Space, new(pod.Address, pod.Port)));
            Assert.Equal($"{pod.AddressV6}", (await GetAsync(node.Space, new(pod.AddressV6, pod.Port))).Trim('[', ']'));
        }

        // Refused by the node (7 of curl); and to the pods there is no way but through a Service.
        Assert.Equal(7, (await site.Client.CurlAsync($"http://{site.Nodes[0].Address}:1/")).ExitCode);
        Assert.DoesNotContain("10.244", await site.Client.IpAsync("route"));
    }

    private static Task<string> GetAsync(NetworkNamespace from, IPEndPoint to) => from.Inside(() => Http.GetAsync(to));
}
