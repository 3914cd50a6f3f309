using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.ClusterPlanning;

/// <summary>
/// The packet flows of kube-proxy's TestTerminatingEndpointsTrafficPolicyLocal and …Cluster: who answers at the ClusterIP and at
/// the load balancer's address of a node called here. Nobody means that the address is closed.
/// </summary>
public class TerminatingEndpointsTests
{
    private const string Mixed = "r1@here r2@here t3@here x4@here r5@there";
    private const string OnlyTerminatingHere = "t1@here t2@here x3@here r4@there";

    [Theory]
    [InlineData("ready endpoints exist", Mixed, "1 2 5", "1 2")]
    [InlineData("only terminating endpoints exist on this node", OnlyTerminatingHere, "4", "1 2")]
    [InlineData("only a terminating endpoint exists, and elsewhere", "t5@there", "5", "")]
    [InlineData("no endpoint serves", "x1@here x2@there", "", "")]
    [InlineData("no slice", null, "", "")]
    public void TestTerminatingEndpointsTrafficPolicyLocal(string name, string? endpoints, string fromPod, string fromOutside) =>
        Check("Local", name, endpoints, fromPod, fromOutside);

    [Theory]
    [InlineData("ready endpoints exist", Mixed, "1 2 5")]
    [InlineData("only terminating endpoints exist on this node", OnlyTerminatingHere, "4")]
    [InlineData("only terminating endpoints exist anywhere", "t1@here t2@here x3@here t5@there", "1 2 5")]
    [InlineData("only a terminating endpoint exists, and elsewhere", "t5@there", "5")]
    [InlineData("no endpoint serves", "x1@here x2@there", "")]
    [InlineData("no slice", null, "")]
    public void TestTerminatingEndpointsTrafficPolicyCluster(string name, string? endpoints, string answers) =>
        Check("Cluster", name, endpoints, answers, answers);

    private static void Check(string policy, string name, string? endpoints, string fromPod, string fromOutside)
    {
        var rig = new ProxyRig().Put(ProxyRig.LoadBalancer("web", "192.0.2.1") with { ExternalTrafficPolicy = policy, HealthCheckNodePort = 30000 });
        if (endpoints is not null)
        {
            rig.Put(ProxyRig.Slice("web", "1", [.. endpoints.Split(' ').Select(Parse)]));
        }

        Assert.True(Addresses(fromPod) == rig.Behind(ListenKind.ClusterIP), $"{name}: at the ClusterIP {rig.Behind(ListenKind.ClusterIP)}");
        Assert.True(Addresses(fromOutside) == rig.Behind(ListenKind.LoadBalancer), $"{name}: at the address {rig.Behind(ListenKind.LoadBalancer)}");
        Assert.Equal(rig.Behind(ListenKind.LoadBalancer), rig.Behind(ListenKind.NodePort));
    }

    private static string Addresses(string numbers) =>
        string.Join(' ', numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static n => $"10.0.0.{n}:8080"));

    private static Endpoint Parse(string text) => ProxyRig.On(
        text.Split('@')[1], $"10.0.0.{text[1]}", ready: text[0] == 'r', serving: text[0] is 'r' or 't', terminating: text[0] is 't' or 'x');
}
