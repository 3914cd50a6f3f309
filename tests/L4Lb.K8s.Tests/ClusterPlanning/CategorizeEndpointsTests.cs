using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.ClusterPlanning;

/// <summary>
/// The cases of kube-proxy's TestCategorizeEndpoints, by their names there, from Service, slice and Node to the plan. An
/// endpoint is its state (<c>r</c>eady, <c>t</c>erminating but serving, <c>x</c> terminating and not serving, <c>n</c>ot
/// ready but serving, <c>d</c>ead: neither), <c>*</c> when it is on this node, and its hints: <c>:a+b</c> for zones,
/// <c>/n1</c> for nodes. Policies are <c>internal/external</c>, C or L. An answer is positions, or <c>-</c> where no way in has
/// that policy.
/// </summary>
public class CategorizeEndpointsTests
{
    [Theory]
    [InlineData("should use topology: all have hints, the node has a zone and there are endpoints for it", "a", "C/C", false, "r:a r:b r:c r:a", "0 3", "-")]
    [InlineData("eTP: Local, topology ignored for Local endpoints", "a", "C/L", true, "r*:a r*:b r:c r:a", "0 3", "0 1")]
    [InlineData("iTP: Local, topology ignored for Local endpoints", "a", "L/C", true, "r*:a r*:b r:c r:a", "0 3", "0 1")]
    [InlineData("empty node labels", null, "C/C", false, "r:a", "0", "-")]
    [InlineData("empty zone label", "", "C/C", false, "r:a", "0", "-")]
    [InlineData("node in different zone, no endpoint filtering", "b", "C/C", false, "r:a r:c", "0 1", "-")]
    [InlineData("unready endpoint", "a", "C/C", false, "r:a r:b r:c n:a", "0", "-")]
    [InlineData("only unready endpoints in same zone (should not filter)", "a", "C/C", false, "n:a r:b r:c n:a", "1 2", "-")]
    [InlineData("missing hints, no filtering applied", "a", "C/C", false, "r:a r:b r r:a", "0 1 2 3", "-")]
    [InlineData("multiple hints per endpoint, filtering includes any with the zone", "c", "C/C", false, "r:a+b+c r:b+c r:b+d r:c", "0 1 3", "-")]
    [InlineData("PreferSameNode available", "a", "C/C", false, "r:a/here r:b/n2 r:c/n3 r:a/n4", "0", "-")]
    [InlineData("PreferSameNode ignored if some endpoints unhinted", "a", "C/C", false, "r:a/here r r:c/n3 r:a/n4", "0 1 2 3", "-")]
    [InlineData("PreferSameNode falls back to PreferSameZone if no endpoint for node", "a", "C/C", false, "r:a/n1 r:b/n2 r:c/n3 r:a/n4", "0 3", "-")]
    [InlineData("conflicting topology and localness", "a", "L/C", true, "r*:a r*:b r:a r:b", "0 2", "0 1")]
    [InlineData("internalTrafficPolicy: Local, with empty endpoints", null, "L/C", false, "", "-", "")]
    [InlineData("internalTrafficPolicy: Local, but all endpoints are remote", null, "L/C", false, "r r", "-", "")]
    [InlineData("internalTrafficPolicy: Local, all endpoints are local", null, "L/C", false, "r* r*", "-", "0 1")]
    [InlineData("internalTrafficPolicy: Local, some endpoints are local", null, "L/C", false, "r* r", "-", "0")]
    [InlineData("internalTrafficPolicy: Local, only terminating local endpoints", null, "L/C", false, "t* x* t r", "-", "0")]
    [InlineData("Cluster traffic policy, all endpoints are Ready", null, "C/C", false, "r r", "0 1", "-")]
    [InlineData("Cluster traffic policy, endpoints not Ready", null, "C/C", false, "n n", "", "-")]
    [InlineData("Cluster traffic policy, some endpoints are Ready", null, "C/C", false, "n r", "1", "-")]
    [InlineData("Cluster traffic policy, all endpoints are terminating", null, "C/C", false, "t t", "0 1", "-")]
    [InlineData("iTP: Local, eTP: Cluster, some endpoints local", null, "L/C", true, "r* r", "0 1", "0")]
    [InlineData("iTP: Cluster, eTP: Local, some endpoints local", null, "C/L", true, "r* r", "0 1", "0")]
    [InlineData("iTP: Local, eTP: Local, some endpoints local", null, "L/L", true, "r* r", "0 1", "0")]
    [InlineData("iTP: Local, eTP: Local, all endpoints remote", null, "L/L", true, "r r", "0 1", "")]
    [InlineData("iTP: Local, eTP: Local, all endpoints remote and terminating", null, "L/L", true, "t t", "0 1", "")]
    [InlineData("iTP: Cluster, eTP: Local, with terminating endpoints", null, "C/L", true, "r d* t* t", "0", "2")]
    [InlineData("eTP: Local, some endpoints terminating", null, "C/L", true, "t* r* r", "1 2", "1")]
    [InlineData("eTP: Local, all endpoints terminating", null, "C/L", true, "t* t", "0 1", "0")]
    [InlineData("eTP ignored if not externally accessible", null, "C/L", false, "r r*", "0 1", "-")]
    [InlineData("no cluster endpoints for iTP: Local internal-only service", null, "L/C", false, "r r*", "-", "1")]
    [InlineData("eTP: Local, externally accessible, with empty endpoints", null, "C/L", true, "", "", "")]
    [InlineData("eTP: Local, externally accessible, but all endpoints are remote", null, "C/L", true, "r r", "0 1", "")]
    [InlineData("eTP: Local, externally accessible, all endpoints are local", null, "C/L", true, "r* r*", "0 1", "0 1")]
    [InlineData("eTP: Local, externally accessible, some endpoints are local", null, "C/L", true, "r* r", "0 1", "0")]
    public void As_kube_proxy(string name, string? zone, string policies, bool hasNodePort, string endpoints, string cluster, string local)
    {
        var rig = new ProxyRig().Put(
            ProxyRig.Service("web", hasNodePort ? "NodePort" : "ClusterIP") with
            {
                Ports = [Make.Port(80, nodePort: hasNodePort ? 30080 : 0)],
                InternalTrafficPolicy = policies[0] == 'L' ? "Local" : "Cluster",
                ExternalTrafficPolicy = policies[2] == 'L' ? "Local" : "Cluster",
            },
            ProxyRig.Slice("web", "1", [.. endpoints.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)]));
        if (zone is not null)
        {
            rig.Put(ProxyRig.Node("here", zone));
        }

        var scopes = rig.Specs().SelectMany(static s => s.Listens).Select(static l => l.Scope).Distinct().ToList();
        Assert.True(cluster == Answer(rig, BackendScope.Cluster), $"{name}: cluster {Answer(rig, BackendScope.Cluster)}");
        Assert.True(local == Answer(rig, BackendScope.Local), $"{name}: local {Answer(rig, BackendScope.Local)}");
        Assert.All(scopes, s => Assert.NotEqual("-", s == BackendScope.Cluster ? cluster : local));

        string Answer(ProxyRig rig, BackendScope scope)
        {
            var found = string.Join(' ', rig.Specs()[0].Backends.Index().Where(b => b.Item.Scopes.HasFlag(scope)).Select(static b => b.Index));
            return found.Length == 0 && (scope == BackendScope.Cluster ? cluster : local) == "-" ? "-" : found;
        }
    }

    [Fact]
    public void Without_a_Node_object_the_zone_is_what_was_said()
    {
        var rig = new ProxyRig(ProxyRig.Full with { Zone = "b" }).Put(ProxyRig.Service("web"), ProxyRig.Slice("web", "1", Parse("r:a", 0), Parse("r:b", 1)));

        Assert.Equal("10.0.0.2:8080", rig.Eligible());
        Assert.Equal("10.0.0.2:8080", rig.Put(ProxyRig.Node("here", "a")).Eligible());
    }

    [Fact]
    public void A_zone_that_changes_plans_everything_again()
    {
        var rig = new ProxyRig().Put(ProxyRig.Service("web"), ProxyRig.Slice("web", "1", Parse("r:a", 0), Parse("r:b", 1)));

        Assert.Equal("10.0.0.1:8080 10.0.0.2:8080", rig.Eligible());
        Assert.Equal("10.0.0.1:8080", rig.Put(ProxyRig.Node("here", "a")).Eligible());
        Assert.Equal("10.0.0.2:8080", rig.Put(ProxyRig.Node("here", "b")).Eligible());
        Assert.Equal("10.0.0.1:8080 10.0.0.2:8080", rig.Delete(ProxyRig.Node("here")).Eligible());
    }

    private static Endpoint Parse(string text, int index)
    {
        var nodes = text.Split('/');
        var zones = nodes[0].Split(':');
        var isLocal = zones[0].EndsWith('*');
        EquatableArray<string> NamesOf(string[] parts) => parts.Length > 1 ? [.. parts[1].Split('+')] : [];
        return new()
        {
            Addresses = [$"10.0.0.{index + 1}"],
            Ready = text[0] == 'r',
            Serving = text[0] is 'r' or 't' or 'n',
            Terminating = text[0] is 't' or 'x',
            NodeName = isLocal ? "here" : "there",
            ForZones = NamesOf(zones),
            ForNodes = NamesOf(nodes),
        };
    }
}
