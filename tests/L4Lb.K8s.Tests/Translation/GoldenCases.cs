using System.Net;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Translation;

/// <summary>What the golden files are plans of.</summary>
internal static class GoldenCases
{
    private static readonly StandaloneOptions s_plain = new();
    private static readonly StandaloneOptions s_dual = new() { ServiceCidrs = [IPNetwork.Parse("10.96.0.0/16"), IPNetwork.Parse("fd00:96::/112")] };

    public static Dictionary<string, (StandaloneOptions Options, KubeObject[] Objects)> All { get; } = new(StringComparer.Ordinal)
    {
        ["cluster-ip"] = (s_plain, [Make.Service("web").ClusterIP("10.96.0.10"), Make.Slice("web", "10.0.0.1", "10.0.0.2")]),
        ["node-port-dual-stack"] = (s_dual,
        [
            Make.Service("web", "NodePort").ClusterIP("10.96.0.10", "fd00:96::10") with
            {
                IPFamilyPolicy = "RequireDualStack", Ports = [Make.Port(80, 8080, nodePort: 30080)],
            },
            Make.Slice("web", "10.0.0.1"),
            Make.Slice("web", "fd00::1"),
        ]),
        ["source-ranges"] = (s_dual,
        [
            (Make.Service("web", "LoadBalancer").ClusterIP("10.96.0.10", "fd00:96::10") with
            {
                IPFamilyPolicy = "PreferDualStack",
                Ports = [Make.Port(80, 8080, nodePort: 30080)],
                ExternalIPs = ["198.51.100.1"],
                LoadBalancerSourceRanges = [" 192.0.2.0/24", "10.1.2.3/8"],
            }).Annotated("l4lb.io/load-balancer-ips", "203.0.113.5,2001:db8::5"),
            Make.Slice("web", "10.0.0.1"),
        ]),
        ["source-ranges-annotation"] = (s_plain,
        [
            (Make.Service("web", "LoadBalancer").ClusterIP("10.96.0.10") with
            {
                AllocateLoadBalancerNodePorts = false, LoadBalancerIP = "203.0.113.5",
                Ingress = [new("203.0.113.6", "", "Proxy"), new("", "lb.example.com", null)],
            }).Annotated("service.beta.kubernetes.io/load-balancer-source-ranges", "192.0.2.0/24, 2001:db8::/32"),
            Make.Slice("web", "10.0.0.1"),
        ]),
        ["policies"] = (s_plain with { NodeName = "here", Zone = "a" }, Policies()),
        ["policies-without-a-node-name"] = (s_plain, Policies()),
        ["protocols"] = (s_plain,
        [
            Make.Service("dns", "NodePort").ClusterIP("10.96.0.10") with
            {
                Ports =
                [
                    Make.Port(53, name: "tcp", nodePort: 30053), Make.Port(53, name: "udp", protocol: "UDP"),
                    Make.Port(3868, name: "sctp", protocol: "SCTP", nodePort: 30054),
                ],
            },
            Make.Slice("dns", "10.0.0.1") with { Ports = [new("tcp", "TCP", 53, null), new("udp", "UDP", 53, null), new("sctp", "SCTP", 3868, null)] },
        ]),
        ["datagrams"] = (s_plain,
        [
            (Make.Service("dns").ClusterIP("10.96.0.10") with { Ports = [Make.Port(53, name: "tcp"), Make.Port(53, name: "udp", protocol: "UDP")] })
                .Annotated("l4lb.io/udp", "requests=1,responses=1,when-full=refuse,max-bytes=4096,resend=off,proxy-header=each")
                .Annotated("l4lb.io/proxy-protocol", "v2").Annotated("l4lb.io/accept-proxy-protocol", "true"),
            (Make.Service("syslog").ClusterIP("10.96.0.11") with { Ports = [Make.Port(514, protocol: "UDP")] })
                .Annotated("l4lb.io/udp", "per-datagram").Annotated("l4lb.io/proxy-protocol", "v1"),
            Make.Slice("dns", "10.0.0.1") with { Ports = [new("tcp", "TCP", 53, null), new("udp", "UDP", 53, null)] },
            Make.Slice("syslog", "10.0.0.1") with { Ports = [new("", "UDP", 514, null)] },
        ]),
        ["annotations"] = (s_plain,
        [
            (Make.Service("web").ClusterIP("10.96.0.10") with { SessionAffinity = "ClientIP", SessionAffinityTimeoutSeconds = 600 })
                .Annotated("l4lb.io/scheduler", "mh,table-size=65537,hash-on=source-port")
                .Annotated("l4lb.io/weights", "10.0.0.1=3,10.0.0.2:8080=0")
                .Annotated("l4lb.io/connect-attempts", "2").Annotated("l4lb.io/connect-timeout", "300ms")
                .Annotated("l4lb.io/idle-timeout", "10m").Annotated("l4lb.io/half-close-timeout", "30s").Annotated("l4lb.io/drain-timeout", "0")
                .Annotated("l4lb.io/max-sessions", "1000").Annotated("l4lb.io/backend-max-sessions", "100")
                .Annotated("l4lb.io/affinity-scope", "service").Annotated("l4lb.io/health-check", "tcp")
                .Annotated("l4lb.io/idle-timeot", "1s"),
            Make.Slice("web", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4").Annotated("l4lb.io/weights", "10.0.0.3=7,10.0.0.1=9"),
        ]),
        ["health"] = (s_plain with { ExecProbes = "/etc/l4lb/probes" },
        [
            Make.Service("http").ClusterIP("10.96.0.10").Annotated("l4lb.io/health-check", "http:/ready,port=9000,interval=1s,fall=2,status=200-299+404,host=web")
                .Annotated("l4lb.io/slow-start", "1m,aggression=1.5,min=5").Annotated("l4lb.io/agent-check", "port=9100,send=hello\\n")
                .Annotated("l4lb.io/when-all-down", "refuse").Annotated("l4lb.io/when-down", "reset"),
            Make.Service("exec").ClusterIP("10.96.0.11").Annotated("l4lb.io/health-check", "exec:check-redis --db 3,timeout=3s,fast-interval=500ms,down-interval=10s")
                .Annotated("l4lb.io/outlier-detection", "none"),
            Make.Service("passive").ClusterIP("10.96.0.12").Annotated("l4lb.io/outlier-detection", "consecutive=3,max-ejected=30,success-rate=1.9"),
            (Make.Service("dns").ClusterIP("10.96.0.13") with { Ports = [Make.Port(53, 8080, protocol: "UDP")] })
                .Annotated("l4lb.io/health-check", "udp:\\x00\\x01ping/pong").Annotated("l4lb.io/proxy-protocol", "v2")
                .Annotated("l4lb.io/half-close-timeout", "1s"),
            .. new[] { "http", "exec", "passive" }.Select(static name => Make.Slice(name, "10.0.0.1")),
            Make.Slice("dns", "10.0.0.1") with { Ports = [new("", "UDP", 8080, null)] },
        ]),
        ["limits"] = (s_dual,
        [
            (Make.Service("web", "NodePort").ClusterIP("10.96.0.10", "fd00:96::10") with
            {
                IPFamilyPolicy = "RequireDualStack", Ports = [Make.Port(80, 8080, nodePort: 30080)], SessionAffinity = "ClientIP",
            }).Annotated("l4lb.io/backend-thresholds", "100").Annotated("l4lb.io/queue", "50,timeout=2s")
                .Annotated("l4lb.io/source-limits", "rate=20/10s,sessions=50,deny=1m,ipv6-prefix=56")
                .Annotated("l4lb.io/deny-source-ranges", "198.51.100.0/24, 2001:db8:bad::/48")
                .Annotated("l4lb.io/affinity-ipv4-prefix", "24").Annotated("l4lb.io/affinity-when-gone", "wait")
                .Annotated("l4lb.io/affinity-first-pick", "hash").Annotated("l4lb.io/affinity-max-entries", "1000")
                .Annotated("l4lb.io/proxy-protocol", "v2").Annotated("l4lb.io/accept-proxy-protocol", "true")
                .Annotated("l4lb.io/proxy-protocol-trusted", "10.0.0.0/8").Annotated("l4lb.io/proxy-protocol-timeout", "1s"),
            Make.Slice("web", "10.0.0.1"),
            Make.Slice("web", "fd00::1"),
        ]),
        ["pods"] = (s_plain,
        [
            (Make.Service("web") with { Ports = [Make.Port(80) with { TargetPort = new(0, "http") }] }).ClusterIP("10.96.0.10").Selecting("app", "web"),
            Make.Pod("b", "10.0.0.2") with { Ports = [new("http", "TCP", 8002)] },
            (Make.Pod("a", "10.0.0.1") with { Ports = [new("http", "TCP", 8001)] }).Annotated("l4lb.io/weight", "4"),
            Make.Pod("c", "10.0.0.3", value: "other") with { Ports = [new("http", "TCP", 8003)] },
            Make.Pod("d", "10.0.0.4") with { Ports = [new("http", "TCP", 8004)], Phase = "Running", Ready = false },
        ]),
        ["conflicts"] = (s_plain,
        [
            Make.Service("b").ClusterIP("10.96.0.11") with { ExternalIPs = ["198.51.100.1", "198.51.100.2"] },
            Make.Service("a").ClusterIP("10.96.0.10") with { ExternalIPs = ["198.51.100.1"] },
            Make.Service("c").ClusterIP("10.96.0.12") with { ExternalIPs = ["198.51.100.1"], Ports = [Make.Port(80, 8080, protocol: "UDP")] },
            Make.Service("d", "LoadBalancer").ClusterIP("10.96.0.13") with
            {
                AllocateLoadBalancerNodePorts = false, LoadBalancerIP = "198.51.100.2", ExternalIPs = ["198.51.100.3"], Ingress = [new("198.51.100.3", "", "VIP")],
            },
            .. "abd".Select(static name => Make.Slice(name.ToString(), "10.0.0.1")),
            Make.Slice("c", "10.0.0.1") with { Ports = [new("", "UDP", 8080, null)] },
        ]),
        ["not-served"] = (s_plain,
        [
            Make.Service("headless").ClusterIP("None"),
            Make.Service("name", "ExternalName") with { ExternalName = "example.com", Ports = [] },
            Make.Service("other").ClusterIP("10.96.0.10").Labelled("service.kubernetes.io/service-proxy-name", "cilium"),
            Make.Service("labelled").ClusterIP("10.96.0.11").Labelled("service.kubernetes.io/headless", ""),
        ]),
        ["nobody"] = (s_plain,
        [
            Make.Service("web").ClusterIP("10.96.0.10").Selecting("app", "web"),
            Make.Service("selectorless").ClusterIP("10.96.0.11"),
            Make.Service("lb", "LoadBalancer").ClusterIP("10.96.0.12") with { Ports = [Make.Port(80, 8080, nodePort: 30080)] },
            Make.Slice("wbe", "10.0.0.1"),
            Make.Slice("lb", "10.0.0.1") with { Metadata = new() { Name = "unlabelled" } },
            new Endpoints { Metadata = new() { Name = "gone" } },
        ]),
        ["serve-load-balancer-only"] = (s_plain with { Serve = ServeKinds.LoadBalancer },
        [
            Make.Service("web", "LoadBalancer").ClusterIP("10.96.0.10") with { LoadBalancerIP = "203.0.113.5", Ports = [Make.Port(80, 8080, nodePort: 30080)] },
            Make.Slice("web", "10.0.0.1"),
        ]),
        ["address-outside-of-the-range"] = (s_plain,
        [
            Make.Service("my-service", "LoadBalancer").ClusterIP("10.0.171.239") with
            {
                LoadBalancerIP = "78.11.24.19", Ports = [Make.Port(80, 9376, nodePort: 30061)], Ingress = [new("146.148.47.155", "", null)],
            },
        ]),
    };

    private static KubeObject[] Policies() =>
    [
        Make.Service("inside").ClusterIP("10.96.0.10") with { InternalTrafficPolicy = "Local" },
        Make.Service("outside", "NodePort").ClusterIP("10.96.0.11") with { ExternalTrafficPolicy = "Local", Ports = [Make.Port(80, 8080, nodePort: 30080)] },
        Make.Service("plain").ClusterIP("10.96.0.12"),
        .. new[] { "inside", "outside", "plain" }.Select(static name => Make.Slice(name) with
        {
            AddressType = "IPv4",
            Endpoints =
            [
                new() { Addresses = ["10.0.0.1"], NodeName = "here", ForZones = ["b"] },
                new() { Addresses = ["10.0.0.2"], NodeName = "there", ForZones = ["a"] },
                new() { Addresses = ["10.0.0.3"], NodeName = "here", Ready = false },
                new() { Addresses = ["10.0.0.4"], NodeName = "here", Ready = false, Serving = true, Terminating = true },
            ],
        }),
    ];
}
