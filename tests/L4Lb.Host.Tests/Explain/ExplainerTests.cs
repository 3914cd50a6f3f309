using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;
using L4Lb.Host.Explain;
using L4Lb.Host.Tests.Support;
using static L4Lb.Host.Tests.Support.States;

namespace L4Lb.Host.Tests.Explain;

public class ExplainerTests
{
    private static readonly IPEndPoint s_client = IPEndPoint.Parse("192.0.2.7:40000");

    private static readonly Target s_to = new(IPEndPoint.Parse("10.96.0.1:80"));

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
    public void Everything_that_a_service_can_be_told()
    {
        var service = Service("all", Listen("10.96.0.1:80") with { DeniedRanges = [IPNetwork.Parse("203.0.113.0/24")] }) with
        {
            Backends = [Backend("10.0.0.1:8080"), Backend("10.0.0.2:8080")],
            Scheduler = new SchedulerSpec("wlc"),
            Affinity = new AffinitySpec
            {
                IPv4PrefixLength = 24,
                Scope = AffinityScope.Service,
                WhenGone = AffinityWhenGone.WaitForDrain,
            },
            Health = new HealthSpec
            {
                Probe = new ProbeSpec { Kind = ProbeKind.Http, Path = "/ready", Port = 9000, DownInterval = TimeSpan.FromSeconds(10) },
                Agent = new AgentSpec { Port = 9100 },
                Outlier = OutlierSpec.Default with { SuccessRateDeviations = 1.9 },
                SlowStart = new SlowStartSpec(),
                WhenAllDown = WhenAllDown.Refuse,
                WhenDown = WhenDown.Reset,
            },
            Limits = new LimitSpec
            {
                MaxSessions = 1000,
                BackendMaxSessions = 100,
                BackendResumeBelow = 75,
                QueueLength = 50,
                PerSource = new SourceLimitSpec { MaxNewSessions = 20, MaxSessions = 5, DenyFor = TimeSpan.FromMinutes(1) },
            },
            ProxyProtocol = new ProxyProtocolSpec { Accept = true, Send = ProxyProtocolVersion.V2 },
        };
        using var text = new StringWriter();

        ExplanationText.Write(Explainer.Explain(Of(service), s_client, s_to), text);

        Golden.Check(text.ToString(), "Explain/explain-everything.golden.txt");
    }

    [Theory]
    [InlineData(ProbeKind.Tcp, "health-check tcp: a connection must be accepted within 1s, tried every 2s; down after 3 failures, up after 2 successes")]
    [InlineData(ProbeKind.Tls, "health-check tls: a TLS handshake must succeed within")]
    [InlineData(ProbeKind.Udp, "health-check udp:/: a datagram must not be refused within")]
    [InlineData(ProbeKind.Exec, "health-check exec:check -v: /probes/check must exit with 0 within")]
    public void A_check_in_words(ProbeKind kind, string expected) => Assert.StartsWith(
        expected, HealthWords.Of(new HealthSpec { Probe = new ProbeSpec { Kind = kind, Command = ["/probes/check", "-v"] } })[0]);

    [Fact]
    public void Everything_that_a_flow_can_be()
    {
        var service = Udp(new DatagramSpec
        {
            Requests = 3,
            Responses = 2,
            Resend = false,
            WhenFull = FlowsFull.Refuse,
            MaxBytes = 1232,
            ProxyHeader = ProxyHeaderOn.Each,
        }) with
        {
            ProxyProtocol = new ProxyProtocolSpec { Send = ProxyProtocolVersion.V2 },
            Limits = new LimitSpec { MaxSessions = 1000, QueueLength = 5, PerSource = new SourceLimitSpec { MaxNewSessions = 20 } },
        };
        using var text = new StringWriter();

        ExplanationText.Write(ExplainUdp(service), text);

        Golden.Check(text.ToString(), "Explain/explain-udp.golden.txt");
    }

    [Fact]
    public void A_flow_as_json()
    {
        using var text = new StringWriter();

        ExplanationJson.Write(ExplainUdp(Udp(DatagramSpec.Default) with { ProxyProtocol = new ProxyProtocolSpec { Send = ProxyProtocolVersion.V2 } }), text);

        Golden.Check(text.ToString(), "Explain/explain-udp.golden.json");
    }

    public static TheoryData<DatagramSpec, int, string> Flows => new()
    {
        { new() { Requests = 1 }, 4, "requests: every datagram of the client begins a flow of its own" },
        { new() { Requests = 5 }, 4, "requests: after 5 datagrams of the client the next one begins a new flow" },
        { new() { Responses = 0 }, 4, "responses: no answer is expected, so it is over with what the client sent" },
        { new() { Responses = 1 }, 4, "responses: it is over when each datagram of the client has its answer" },
        { new() { Responses = 1, Requests = 2 }, 4, "responses: it is over when each datagram of the client has its answer, once there were 2 of them" },
        { new() { Responses = 2 }, 4, "responses: it is over when each datagram of the client has its 2 answers" },
        { new(), 2, "resend: the first datagram that an unreachable backend left unanswered goes to the next one, 2 backends at most" },
        { new(), 1, "resend: what an unreachable backend left unanswered is lost; the client's next datagram picks anew" },
        { new() { Mode = DatagramMode.Datagram }, 4, "no flows: each datagram is scheduled by itself, and what backends send back is dropped" },
    };

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_in_words(DatagramSpec datagrams, int attempts, string expected)
    {
        var service = Udp(datagrams) with { Timeouts = TimeoutSpec.Default with { ConnectAttempts = attempts } };

        Assert.Contains(expected, ExplainUdp(service).Service!.Datagrams);
    }

    [Fact]
    public void Nobody_is_reset_without_a_connection()
    {
        var denied = Udp(DatagramSpec.Default) with { Listens = [Listen("10.96.0.1:53") with { DeniedRanges = [IPNetwork.Parse("192.0.2.0/24")] }] };
        var empty = Udp(DatagramSpec.Default) with { Backends = [] };

        Assert.Equal("default/dns:http drops what the client sends: its address is not let in", ExplainUdp(denied).Summary);
        Assert.Equal(
            "default/dns:http has no eligible backend, so the kernel answers that the port is unreachable", ExplainUdp(empty).Summary);
    }

    [Fact]
    public void Denied_ranges_win()
    {
        var service = Service(
            "web",
            Listen("10.96.0.1:80") with { SourceRanges = [IPNetwork.Parse("192.0.2.0/24")], DeniedRanges = [IPNetwork.Parse("192.0.2.7/32")] })
            with
        { Backends = [Backend("10.0.0.1:8080")] };

        var explanation = Explainer.Explain(Of(service), s_client, s_to);

        Assert.Equal("denied", explanation.Verdict);
        Assert.Equal("192.0.2.7 is denied by 192.0.2.7/32", explanation.Service!.SourceRanges);
        Assert.Empty(explanation.Service.Order);
    }

    [Fact]
    public void Who_is_not_trusted_sends_no_header()
    {
        var service = Service("web", Listen("10.96.0.1:80")) with
        {
            ProxyProtocol = new ProxyProtocolSpec { Accept = true, TrustedSources = [IPNetwork.Parse("10.0.0.0/8")] },
        };

        Assert.Equal(
            ["who connects from 10.0.0.0/8 must send a header within 3s; what is said here holds when it names 192.0.2.7, or when 192.0.2.7 connects itself, without one"],
            Explainer.Explain(Of(service), s_client, s_to).Service!.ProxyProtocol);
    }

    public static TheoryData<string> Schedulers => [.. SchedulerCatalog.Names];

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void Every_scheduler_is_explained(string name)
    {
        var backends = Enumerable.Range(1, 5).Select(i => Backend($"10.0.0.{i}:8080", weight: i - 1)).ToArray();
        var service = Service("web", Listen("10.96.0.1:80")) with { Backends = [.. backends], Scheduler = new SchedulerSpec(name) };
        var definition = SchedulerCatalog.Find(name)!;

        var explanations = Enumerable.Range(1, 50)
            .Select(i => Explainer.Explain(Of(service), new IPEndPoint(IPAddress.Parse($"192.0.2.{i}"), 40000), s_to)).ToList();

        foreach (var explanation in explanations)
        {
            var explained = explanation.Service!;
            Assert.Equal(definition.Summary, explained.SchedulerSummary);
            Assert.Equal(definition.Parameters.Select(p => p.Name), explained.SchedulerParameters.Select(p => p.Name));
            Assert.All(explained.SchedulerParameters, p => Assert.True(p.IsDefault));
            Assert.Equal([false, true, true, true, true], explained.Backends.Select(b => b.Eligible));

            // No backend twice, none of weight 0, and all that a session may try unless the scheduler may refuse.
            Assert.Distinct(explained.Order);
            Assert.Subset(backends[1..].Select(b => b.Address.ToString()).ToHashSet(), explained.Order.ToHashSet());
            Assert.True(explained.Order.Count == 4 || definition.Traits.HasFlag(SchedulerTraits.MayRefuse), $"{name}: {explained.Order.Count}");
            Assert.Equal(explained.Order.Count > 0 ? "forwarded" : "refused", explanation.Verdict);
            Assert.Contains(explained.Order.Count > 0 ? explained.Order[0] : $"the scheduler {name} names none", explanation.Summary);
        }

        var firsts = explanations.Select(e => string.Join(" ", e.Service!.Order.Take(1))).Distinct().Count();
        if (!definition.Traits.HasFlag(SchedulerTraits.ByHash))
        {
            Assert.Equal(1, firsts);
        }
        else if (name != "dh" && !definition.Parameters.Any(p => p is { Name: "hash-on", Default: "destination" }))
        {
            Assert.True(firsts > 1, $"{name} hashes, but 50 clients are all told {explanations[0].Summary}");
        }
    }

    [Fact]
    public void Affinitys_hash_chooses_for_the_network_of_a_client()
    {
        Assert.SkipWhen(SchedulerCatalog.Find(AffinitySpec.ConsistentHashScheduler.Name) is null, "the catalog has no such scheduler");
        var backends = Enumerable.Range(1, 8).Select(i => Backend($"10.0.0.{i}:8080")).ToArray();
        var service = Service("web", Listen("10.96.0.1:80")) with
        {
            Backends = [.. backends],
            Affinity = new AffinitySpec { FirstPick = AffinityFirstPick.ConsistentHash, IPv4PrefixLength = 24 },
        };

        Assert.Single(Orders("192.0.2.1", "192.0.2.77", "192.0.2.200").Distinct());
        Assert.True(Orders([.. Enumerable.Range(1, 50).Select(i => $"192.0.{i}.1")]).Distinct().Count() > 1);

        IEnumerable<string> Orders(params string[] clients) => clients.Select(client => string.Join(
            ' ', Explainer.Explain(Of(service), new IPEndPoint(IPAddress.Parse(client), 1), s_to).Service!.Order));
    }

    [Theory]
    [InlineData("random", "one of those that chance may give, with idle backends and nothing remembered")]
    [InlineData("wrr", "now, with idle backends and nothing remembered")]
    public void What_the_order_holds_for(string scheduler, string expected)
    {
        var service = Service("web", Listen("10.96.0.1:80")) with
        {
            Backends = [Backend("10.0.0.1:8080"), Backend("10.0.0.2:8080")],
            Scheduler = new SchedulerSpec(scheduler),
        };

        Assert.Equal(expected, Explainer.Explain(Of(service), s_client, s_to).Service!.OrderNote);
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

        var explanation = Explainer.Explain(desired, s_client, s_to);

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

        Assert.Single(Explainer.Explain(Of(web), s_client, s_to).Service!.Order);
    }

    private static Explanation Explain(string to, TransportProtocol protocol = TransportProtocol.Tcp) =>
        Explainer.Explain(s_desired, s_client, new Target(IPEndPoint.Parse(to), protocol));

    private static ServiceSpec Udp(DatagramSpec datagrams) => Service("dns", Listen("10.96.0.1:53")) with
    {
        Protocol = TransportProtocol.Udp,
        Backends = [Backend("10.0.0.1:53"), Backend("10.0.0.2:53")],
        Datagrams = datagrams,
        Timeouts = TimeoutSpec.Default with { Idle = TimeSpan.FromSeconds(30) },
    };

    private static Explanation ExplainUdp(ServiceSpec service) =>
        Explainer.Explain(Of(service), s_client, new Target(IPEndPoint.Parse("10.96.0.1:53"), TransportProtocol.Udp));
}
