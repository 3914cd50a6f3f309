using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.EndpointSelection;

namespace L4Lb.K8s.Tests.EndpointSelection;

/// <summary>
/// The tables of kube-proxy's own tests, in a notation: state, <c>@</c>, node, then hints. States: <c>r</c>eady,
/// <c>t</c>erminating but serving, <c>x</c> terminating and not serving, <c>n</c>ot ready. Hints: <c>z</c>one and
/// <c>h</c>ost. This node is <c>here</c> in zone <c>a</c>. Answers are positions.
/// </summary>
public class EndpointChoiceTests
{
    private static readonly NodeTopology s_here = new("here", "a");

    [Theory]
    [InlineData("r@here r@there", "0 1", "0")]
    [InlineData("r@here r@here t@here x@here r@there", "0 1 4", "0 1")]
    [InlineData("t@here t@here x@here r@there", "3", "0 1")]
    [InlineData("t@there", "0", "")]
    [InlineData("t@here t@there", "0 1", "0")]
    [InlineData("x@here n@here x@there", "", "")]
    [InlineData("n@here r@there", "1", "")]
    [InlineData("n@here n@there", "", "")]
    [InlineData("r@there r@elsewhere", "0 1", "")]
    [InlineData("t@here r@here", "1", "1")]
    [InlineData("r r@here", "0 1", "1")]
    [InlineData("", "", "")]
    public void Readiness_and_locality_decide_for_each_policy_alone(string endpoints, string cluster, string local)
    {
        Assert.Equal(cluster, Choose(endpoints, BackendScope.Cluster));
        Assert.Equal(local, Choose(endpoints, BackendScope.Local));

        var both = EndpointChoice.Choose(Parse(endpoints), BackendScope.Cluster | BackendScope.Local, s_here);
        Assert.Equal(cluster, Positions(both, BackendScope.Cluster));
        Assert.Equal(local, Positions(both, BackendScope.Local));
    }

    [Theory]
    [InlineData("r@n1,z=a r@n2,z=b r@n3,z=b", "0")]
    [InlineData("r@n1,z=a+b r@n2,z=b", "0")]
    [InlineData("r@n1,z=b r@n2,z=c", "0 1")]
    [InlineData("r@n1,z=a r@n2", "0 1")]
    [InlineData("r@n1,z=a n@n2 r@n3,z=b", "0")]
    [InlineData("n@n1,z=a r@n2,z=b r@n3,z=b", "1 2")]
    [InlineData("r@here,h=here,z=a r@n2,h=n2,z=a", "0")]
    [InlineData("r@n1,h=n1,z=a r@n2,h=n2,z=b", "0")]
    [InlineData("r@n1,h=here,z=b r@n2,z=a", "1")]
    [InlineData("r@n1,h=here r@n2,h=n2", "0")]
    [InlineData("t@n1,z=a t@n2,z=b", "0 1")]
    public void Hints_narrow_the_Cluster_policy_when_everybody_has_one(string endpoints, string cluster) =>
        Assert.Equal(cluster, Choose(endpoints, BackendScope.Cluster));

    [Fact]
    public void Hints_do_not_narrow_the_Local_policy() =>
        Assert.Equal("0 1", Choose("r@here,z=b r@here,z=a", BackendScope.Local));

    [Theory]
    [InlineData("r@n1,z=a r@n2,z=b", null)]
    [InlineData("r@n1,z= r@n2,z=b", null)]
    public void Zone_hints_need_a_zone(string endpoints, string? zone) => Assert.Equal(
        "0 1", Positions(EndpointChoice.Choose(Parse(endpoints), BackendScope.Cluster, new("here", zone)), BackendScope.Cluster));

    [Fact]
    public void Without_a_node_name_everything_is_local() => Assert.Equal(
        "0 1", Positions(EndpointChoice.Choose(Parse("r r@n1"), BackendScope.Local, NodeTopology.None), BackendScope.Local));

    [Theory]
    [InlineData("n@here", BackendScope.Cluster, 0, "not ready")]
    [InlineData("x@here r@here", BackendScope.Cluster, 0, "terminating and not serving")]
    [InlineData("t@here r@here", BackendScope.Cluster, 0, "terminating; ready ones exist")]
    [InlineData("r@here,z=a r@n2,z=b+c", BackendScope.Cluster, 1, "hint is for zone b, c")]
    [InlineData("r@here,h=here r@n2,h=n2", BackendScope.Cluster, 1, "hint is for node n2")]
    [InlineData("r@b", BackendScope.Local, 0, "on node b, policy Local needs node here")]
    [InlineData("r", BackendScope.Local, 0, "on no known node, policy Local needs node here")]
    [InlineData("r@b", BackendScope.Cluster | BackendScope.Local, 0, "on node b, policy Local needs node here")]
    [InlineData("t@here r@here", BackendScope.Local, 0, "terminating; ready ones exist")]
    [InlineData("t@here r@there", BackendScope.Cluster | BackendScope.Local, 0, "terminating; ready ones exist")]
    [InlineData("n@here", BackendScope.Cluster | BackendScope.Local, 0, "not ready")]
    [InlineData("r@here", BackendScope.Cluster | BackendScope.Local, 0, null)]
    public void Says_why_not(string endpoints, BackendScope used, int position, string? reason) =>
        Assert.Equal(reason, EndpointChoice.Choose(Parse(endpoints), used, s_here)[position].Reason);

    private static string Choose(string endpoints, BackendScope policy) =>
        Positions(EndpointChoice.Choose(Parse(endpoints), policy, s_here), policy);

    private static string Positions(IReadOnlyList<ChosenEndpoint> chosen, BackendScope policy) => string.Join(
        ' ', Enumerable.Range(0, chosen.Count).Where(i => chosen[i].Scopes.HasFlag(policy)));

    private static ServiceEndpoint[] Parse(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)];

    private static ServiceEndpoint ParseOne(string text, int index)
    {
        var parts = text.Split(',');
        var node = parts[0].Split('@');
        EquatableArray<string> Hint(string name) =>
            [.. parts.Where(p => p.StartsWith(name, StringComparison.Ordinal)).SelectMany(static p => p[2..].Split('+', StringSplitOptions.RemoveEmptyEntries))];
        return new()
        {
            Address = new IPEndPoint(IPAddress.Parse($"10.0.0.{index + 1}"), 80),
            Ready = node[0] == "r",
            Serving = node[0] is "r" or "t",
            Terminating = node[0] is "t" or "x",
            NodeName = node.Length > 1 ? node[1] : null,
            ForZones = Hint("z="),
            ForNodes = Hint("h="),
        };
    }
}
