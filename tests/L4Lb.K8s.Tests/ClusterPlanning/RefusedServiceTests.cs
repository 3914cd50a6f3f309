using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.ClusterPlanning;

/// <summary>What a Service that cannot be done does to itself, and does not do to others.</summary>
public class RefusedServiceTests
{
    private readonly ProxyRig _rig = new();

    [Fact]
    public void Bad_annotations_leave_the_last_good_ones_in_force_over_the_endpoints_of_now()
    {
        _rig.Put(ProxyRig.Service("web").Annotated("l4lb.io/scheduler", "wlc"), ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")));
        Assert.Equal("", _rig.Problems());

        _rig.Put(ProxyRig.Service("web").Annotated("l4lb.io/scheduler", "wlc").Annotated("l4lb.io/idle-timeout", "soon"));
        _rig.Put(ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.2")));
        Assert.Equal("wlc", _rig.Specs()[0].Scheduler.Name);
        Assert.Equal("10.0.0.2:8080", _rig.Eligible());
        Assert.StartsWith("Service default/web: metadata.annotations[l4lb.io/idle-timeout]: Invalid value: \"soon\": ", _rig.Problems(), StringComparison.Ordinal);
        Assert.EndsWith("Service default/web: warning: goes on with its annotations and source ranges of before until that is corrected", _rig.Problems(), StringComparison.Ordinal);

        _rig.Put(ProxyRig.Service("web").Annotated("l4lb.io/idle-timeout", "5s"));
        Assert.Equal("rr", _rig.Specs()[0].Scheduler.Name);
        Assert.Equal("", _rig.Problems());
    }

    [Fact]
    public void A_new_one_is_not_served_until_it_is_corrected_and_others_are()
    {
        _rig.Put(
            ProxyRig.Service("bad").ClusterIP("10.96.0.2").Annotated("l4lb.io/deny-source-ranges", "10.0.0.0/8, oops"),
            ProxyRig.Service("web"), ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")));

        Assert.Empty(_rig.Specs("bad"));
        Assert.EndsWith("Service default/bad: warning: not served until that is corrected", _rig.Problems("bad"), StringComparison.Ordinal);
        Assert.Equal("10.0.0.1:8080", _rig.Eligible());
        Assert.Equal(["bad"], _rig.Plan().Problems.Select(static p => p.Service.Name));
        Assert.Equal(_rig.Plan().Problems[0].Diagnostics, _rig.Plan().Diagnostics);

        Assert.Single(_rig.Put(ProxyRig.Service("bad").ClusterIP("10.96.0.2")).Specs("bad"));
    }

    [Fact]
    public void What_was_good_of_another_Service_of_the_name_does_not_count()
    {
        Objects.Service WithUid(string uid) => ProxyRig.Service("web") is var s ? s with { Metadata = s.Metadata with { Uid = uid } } : s;
        Assert.Single(_rig.Put(WithUid("1")).Specs());
        Assert.Single(_rig.Put(WithUid("1").Annotated("l4lb.io/idle-timeout", "soon")).Specs());
        Assert.Empty(_rig.Put(WithUid("2").Annotated("l4lb.io/idle-timeout", "soon")).Specs());
    }

    [Fact]
    public void Bad_source_ranges_do_not_open_the_door()
    {
        var good = ProxyRig.LoadBalancer("web", "192.0.2.1") with { LoadBalancerSourceRanges = ["198.51.100.0/24"] };
        _rig.Put(good).Plan();
        _rig.Put(good with { LoadBalancerSourceRanges = ["198.51.100.0/33"] });

        var listen = _rig.Specs()[0].Listens.Single(static l => l.Kind == ListenKind.LoadBalancer);
        Assert.Equal("198.51.100.0/24", Assert.Single(listen.SourceRanges).ToString());
    }

    [Fact]
    public void What_the_data_plane_would_refuse_is_refused_for_its_Service_alone()
    {
        var rig = new ProxyRig(ProxyRig.Full with { SchedulerProblem = static s => s.Name == "odd" ? "unknown" : null });
        rig.Put(
            ProxyRig.Service("a").ClusterIP("10.96.0.2") with { SessionAffinity = "ClientIP", SessionAffinityTimeoutSeconds = 0 },
            ProxyRig.Service("b").ClusterIP("10.96.0.3") with { Ports = [Make.Port(80, name: "x"), Make.Port(81, name: "x")] },
            ProxyRig.Service("c").ClusterIP("10.96.0.4").Annotated("l4lb.io/scheduler", "odd"),
            ProxyRig.Service("d").ClusterIP("10.96.0.5") with { Ports = [Make.Port(0)] },
            ProxyRig.Service("e").ClusterIP("10.96.0.6") with { Ports = [Make.Port(80, nodePort: 70000)] },
            ProxyRig.Service("web"));

        Assert.Equal(["web"], rig.Plan().Desired.Services.Select(static s => s.Key.Name));
        Assert.Equal(["a", "b", "c", "d", "e"], rig.Plan().Problems.Select(static p => p.Service.Name));
        Assert.Empty(DesiredStateValidator.Validate(rig.Plan().Desired, static _ => null));
    }

    [Fact]
    public void A_slice_with_a_bad_annotation_loses_that_and_nothing_else()
    {
        _rig.Put(ProxyRig.Service("web"), ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")).Annotated("l4lb.io/weights", "?"));

        Assert.Equal("10.0.0.1:8080", _rig.Eligible());
        Assert.StartsWith("EndpointSlice default/web-1: metadata.annotations[l4lb.io/weights]: Invalid value", _rig.Problems(), StringComparison.Ordinal);
    }

    /// <summary>After kube-proxy's test of the name: objects with addresses that are none must not break the sync.</summary>
    [Fact]
    public void TestBadIPs()
    {
        var service = ProxyRig.LoadBalancer("web") with
        {
            ClusterIP = "10.96.0.01",
            ClusterIPs = ["10.96.0.01", "not an address", ""],
            ExternalIPs = ["1.2.3.4.5", "198.51.100.1"],
            Ingress = [new("300.1.1.1", "", null), new("192.0.2.1", "", null)],
            LoadBalancerSourceRanges = [" 203.0.113.0/24 "],
        };
        _rig.Put(
            service,
            ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.256"), new() { NodeName = "here" }, ProxyRig.On("here", "010.0.0.1")),
            ProxyRig.Slice("web", "2", ProxyRig.On("here", "10.0.0.2")) with { Ports = [new(null, null, 70000, null), new("", "TCP", 8080, null)] },
            ProxyRig.Slice("web", "3", ProxyRig.On("here", "10.0.0.3")) with { Ports = [new(null, "TCP", null, null), new(null, "TCP", -1, null)] },
            ProxyRig.Slice("web", "4", ProxyRig.On("here", "10.0.0.4")) with { AddressType = "" },
            ProxyRig.Node("here", "a", "no address", "192.168.0.1"));

        Assert.Equal(
            "ClusterIP 10.96.0.1:80, LoadBalancer 192.0.2.1:80, ExternalIP 198.51.100.1:80, NodePort 0.0.0.0:30080", _rig.Listens());
        Assert.Equal("10.0.0.1:8080 10.0.0.2:8080", _rig.Eligible());
        Assert.DoesNotContain(_rig.Plan().Diagnostics, static d => d.Severity == Severity.Error);
    }

    /// <summary>Whatever an API server may let in, nobody else is touched, and nothing is asked that the data plane refuses.</summary>
    [Fact]
    public void No_object_whatever_it_says_breaks_the_plan()
    {
        string[] texts = ["", "None", "10.0.0.1", "::1", "0.0.0.0", "IPv4", "IPv6", "FQDN", "TCP", "UDP", "Local", "Cluster", "x=y", "rr", "\0", "99999999999"];
        int[] numbers = [int.MinValue, -1, 0, 1, 80, 65535, 65536, int.MaxValue];
        var random = new Random(1);
        string Text() => texts[random.Next(texts.Length)];
        int Number() => numbers[random.Next(numbers.Length)];
        EquatableArray<T> Some<T>(Func<T> make) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => make())];
        var annotations = typeof(AnnotationNames).GetFields().Select(static f => f.GetValue(null)).OfType<string>().ToArray();

        _rig.Put(ProxyRig.Service("web"), ProxyRig.Slice("web", "1", ProxyRig.On("here", "10.0.0.1")));
        for (var turn = 0; turn < 2000; turn++)
        {
            var name = $"x{random.Next(5)}";
            var service = new Objects.Service
            {
                Metadata = new() { Name = name },
                Type = random.Next(3) == 0 ? Text() : "LoadBalancer",
                ClusterIP = Text(),
                ClusterIPs = Some(Text),
                IPFamilies = Some(Text),
                ExternalIPs = Some(Text),
                Ingress = Some(() => new LoadBalancerIngress(Text(), Text(), Text())),
                LoadBalancerSourceRanges = Some(Text),
                ExternalTrafficPolicy = Text(),
                InternalTrafficPolicy = Text(),
                SessionAffinity = random.Next(2) == 0 ? "ClientIP" : Text(),
                SessionAffinityTimeoutSeconds = Number(),
                HealthCheckNodePort = Number(),
                Ports = Some(() => new ServicePort { Name = Text(), Protocol = Text(), Port = Number(), NodePort = Number(), TargetPort = new(Number(), Text()) }),
            };
            var slice = ProxyRig.Slice(name, $"{random.Next(2)}") with
            {
                AddressType = Text(),
                Ports = Some(() => new EndpointPort(Text(), Text(), Number(), null)),
                Endpoints = Some(() => new Endpoint { Addresses = Some(Text), Ready = random.Next(2) == 0, ForZones = Some(Text), NodeName = Text() }),
            };
            _rig.Put(
                service.Annotated(annotations[random.Next(annotations.Length)], Text()),
                slice.Annotated("l4lb.io/weights", Text()),
                ProxyRig.Node("here", Text(), Text()));

            var plan = _rig.Plan();
            Assert.Empty(DesiredStateValidator.Validate(plan.Desired, static _ => null));
            Assert.DoesNotContain(plan.Diagnostics, static d => d.Message.StartsWith("cannot be planned", StringComparison.Ordinal));
            Assert.Equal("10.0.0.1:8080", _rig.Eligible());
        }
    }
}
