using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Host.Explain;
using L4Lb.Host.Tests.Support;
using static L4Lb.Host.Tests.Support.States;

namespace L4Lb.Host.Tests.Explain;

public class ExplainerTests
{
    private static readonly IPEndPoint s_client = IPEndPoint.Parse("192.0.2.7:40000");

    private static readonly DesiredState s_desired = Of(
        Service(
            "web",
            Listen("10.96.0.1:80"),
            Listen("203.0.113.5:80", ListenKind.LoadBalancer, BackendScope.Local) with { SourceRanges = [IPNetwork.Parse("198.51.100.0/24")] },
            Listen("0.0.0.0:30080", ListenKind.NodePort)) with
        {
            Scheduler = new SchedulerSpec("rr"),
            Affinity = new AffinitySpec { Timeout = TimeSpan.FromMinutes(10) },
            Backends =
            [
                Backend("10.0.0.1:8080") with { Scopes = BackendScope.Cluster | BackendScope.Local },
                Backend("10.0.0.2:8080", weight: 3),
                Backend("10.0.0.3:8080", weight: 0),
                Backend("10.0.0.4:8080") with { Scopes = BackendScope.None, Reason = "not ready" },
            ],
        },
        Service("empty", Listen("10.96.0.2:80")),
        Service("dns", Listen("10.96.0.1:53")) with { Protocol = TransportProtocol.Udp });

    [Theory]
    [InlineData("cluster-ip", "10.96.0.1:80")]
    [InlineData("denied", "203.0.113.5:80")]
    [InlineData("node-port", "192.0.2.200:30080")]
    [InlineData("no-backend", "10.96.0.2:80")]
    [InlineData("nothing-there", "10.96.0.1:53")]
    public void In_words(string name, string to)
    {
        using var text = new StringWriter();

        ExplanationText.Write(Explain(to), text);

        Golden.Check(text.ToString(), $"Explain/explain-{name}.golden.txt");
    }

    [Fact]
    public void As_json()
    {
        using var text = new StringWriter();

        ExplanationJson.Write(Explain("10.96.0.1:80"), text);

        Golden.Check(text.ToString(), "Explain/explain-cluster-ip.golden.json");
    }

    [Fact]
    public void The_protocol_matters() =>
        Assert.Equal("default/dns:http", Explain("10.96.0.1:53", TransportProtocol.Udp).Service!.Name);

    [Fact]
    public void An_exact_address_wins_over_the_wildcard()
    {
        var desired = Of(
            Service("any", Listen("0.0.0.0:80", ListenKind.NodePort)), Service("one", Listen("10.96.0.1:80")));

        var explanation = Explainer.Explain(desired, s_client, new Target(IPEndPoint.Parse("10.96.0.1:80")));

        Assert.Equal("default/one:http", explanation.Service!.Name);
    }

    [Fact]
    public void The_policy_of_the_way_in_decides_who_is_eligible()
    {
        var backends = Explain("203.0.113.5:80").Service!.Backends;

        Assert.Equal([true, false, false, false], backends.Select(b => b.Eligible));
    }

    [Fact]
    public void No_more_are_tried_than_the_service_allows()
    {
        var web = s_desired.Services[0] with { Timeouts = TimeoutSpec.Default with { ConnectAttempts = 1 } };

        Assert.Single(Explainer.Explain(Of(web), s_client, new Target(IPEndPoint.Parse("10.96.0.1:80"))).Service!.Order);
    }

    private static Explanation Explain(string to, TransportProtocol protocol = TransportProtocol.Tcp) =>
        Explainer.Explain(s_desired, s_client, new Target(IPEndPoint.Parse(to), protocol));
}
