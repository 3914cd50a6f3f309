using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Announcing;
using L4Lb.Host.Logging;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;
using Microsoft.Extensions.Logging;
using static L4Lb.Host.Tests.Cli.CommandLineFixture;

namespace L4Lb.Host.Tests.Cli;

public class RunSettingsTests
{
    [Fact]
    public void Defaults_are_the_charters()
    {
        var settings = Run("-f", "a.yaml");

        Assert.Equal(["a.yaml"], settings.Manifests.Paths);
        Assert.Equal(FieldValidation.Strict, settings.Manifests.FieldValidation);
        Assert.Null(settings.Direct);
        Assert.False(settings.Watch);
        Assert.Equal("127.0.0.1:9900", settings.Admin.Address.ToString());
        Assert.Equal(Environment.ProcessorCount, settings.Shards);
        Assert.Equal(0, settings.MaxFlows);
        Assert.True(settings.UdpOffload);
        Assert.Equal([IPNetwork.Parse("10.96.0.0/16")], settings.Standalone.ServiceCidrs);
        Assert.Equal((30000, 32767), settings.Standalone.NodePortRange);
        Assert.Equal(ServeKinds.All, settings.Standalone.Serve);
        Assert.Null(settings.Standalone.StateDirectory);
        Assert.Null(settings.Standalone.ExecProbes);
        Assert.Equal(new AddressSettings(null, AnnounceMode.None) { Lease = TimeSpan.FromSeconds(5) }, settings.Addresses);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.DrainTimeout);
        Assert.Null(settings.AccessLog);
        Assert.Equal(new LogSettings(LogLevel.Information, LogFormat.Text), settings.Log);
    }

    [Fact]
    public void Defaults_can_be_said()
    {
        var settings = Run("--listen", "tcp://127.0.0.1:1", "--backend", "127.0.0.1:2", "--affinity", "None", "--manage-addresses", "none", "--announce", "none");

        Assert.Null(settings.Direct!.Services[0].Affinity);
        Assert.Equal((null, AnnounceMode.None), (settings.Addresses.Interface, settings.Addresses.Announce));
    }

    [Fact]
    public void A_cluster_is_served_on_its_load_balancer_addresses()
    {
        var cluster = Run("--kubernetes").Cluster!;

        Assert.Null(cluster.Kubeconfig);
        Assert.Null(cluster.Context);
        Assert.Equal(new ProxyOptions { SchedulerProblem = cluster.Proxy.SchedulerProblem }, cluster.Proxy);
        Assert.Equal(ServeKinds.LoadBalancer, cluster.Proxy.Serve);
        Assert.Null(cluster.Proxy.SchedulerProblem(SchedulerSpec.RoundRobin));
        Assert.NotNull(cluster.Proxy.SchedulerProblem(new SchedulerSpec("best")));
        Assert.Null(Run("-f", "a").Cluster);
    }

    [Fact]
    public void Every_option_about_a_cluster_arrives()
    {
        var cluster = Run(
            "--kubernetes", "--kubeconfig", "/k", "--context", "x", "--service-proxy-name", "p", "--load-balancer-class", "example.com/c",
            "--serve", "ClusterIP,NodePort", "--node-name", "n", "--zone", "z", "--exec-probes", "/p").Cluster!;

        Assert.Equal(("/k", "x"), (cluster.Kubeconfig, cluster.Context));
        Assert.Equal(
            new ProxyOptions
            {
                Serve = ServeKinds.ClusterIP | ServeKinds.NodePort,
                NodeName = "n",
                Zone = "z",
                ServiceProxyName = "p",
                LoadBalancerClass = "example.com/c",
                ExecProbes = "/p",
                SchedulerProblem = cluster.Proxy.SchedulerProblem,
            },
            cluster.Proxy);
        Assert.Equal(BackendKind.Nodes, Run("--kubernetes", "--backends", "nodes").Cluster!.Proxy.Backends);
        Assert.NotNull(RunWith(new() { ["L4LB_KUBERNETES"] = "1" }).Cluster);
    }

    [Fact]
    public void Every_option_arrives()
    {
        var settings = Run(
            "-f", "a", "-f", "b", "--watch", "--validate", "ignore", "--admin", "none", "--shards", "3", "--max-flows", "8000", "--udp-offload", "off", "--state-dir", "/s",
            "--service-cidr", "10.0.0.0/16", "--service-cidr", "fd00::/108", "--node-port-range", "100-200",
            "--node-name", "n", "--zone", "z", "--serve", "ClusterIP", "--serve", "ExternalIPs", "--manage-addresses", "eth0",
            "--announce", "l2", "--vip-lease", "3s", "--drain-timeout", "250ms", "--access-log", "-", "--access-log-format", "tcplog", "--access-log-sample", "1/100", "--log-level", "warn", "--log-format", "json", "--exec-probes", "/etc/l4lb/../probes");

        Assert.Equal(["a", "b"], settings.Manifests.Paths);
        Assert.True(settings.Watch);
        Assert.Equal(FieldValidation.Ignore, settings.Manifests.FieldValidation);
        Assert.Equal(AdminAddress.None, settings.Admin.Address);
        Assert.Equal(3, settings.Shards);
        Assert.Equal(8000, settings.MaxFlows);
        Assert.False(settings.UdpOffload);
        Assert.Equal("/s", settings.Standalone.StateDirectory);
        Assert.Equal([IPNetwork.Parse("10.0.0.0/16"), IPNetwork.Parse("fd00::/108")], settings.Standalone.ServiceCidrs);
        Assert.Equal((100, 200), settings.Standalone.NodePortRange);
        Assert.Equal("n", settings.Standalone.NodeName);
        Assert.Equal("z", settings.Standalone.Zone);
        Assert.Equal(ServeKinds.ClusterIP | ServeKinds.ExternalIPs, settings.Standalone.Serve);
        Assert.Equal("/etc/probes", settings.Standalone.ExecProbes);
        Assert.Equal(new AddressSettings("eth0", AnnounceMode.L2) { Lease = TimeSpan.FromSeconds(3) }, settings.Addresses);
        Assert.Equal(TimeSpan.FromMilliseconds(250), settings.DrainTimeout);
        Assert.Equal(new AccessLogSettings("-") { Format = AccessLogFormat.TcpLog, Sample = new(100) }, settings.AccessLog);
        Assert.Equal(new LogSettings(LogLevel.Warning, LogFormat.Json), settings.Log);
    }

    [Fact]
    public void Listens_share_the_backends()
    {
        var settings = Run(
            "--listen", "tcp://127.0.0.1:80", "--listen", "[::1]:80",
            "--backend", "127.0.0.1:81,weight=3", "--backend", "127.0.0.1:82", "--scheduler", "wrr");

        var service = Assert.Single((IEnumerable<ServiceSpec>)settings.Direct!.Services);
        Assert.Equal(["127.0.0.1:80", "[::1]:80"], ((IEnumerable<ListenSpec>)service.Listens).Select(l => l.Address.ToString()));
        Assert.Equal([3, 1], ((IEnumerable<BackendSpec>)service.Backends).Select(b => b.Weight));
        Assert.Equal("wrr", service.Scheduler.Name);
        Assert.Null(service.Affinity);
        Assert.Equal(HealthSpec.None with { Outlier = OutlierSpec.Default }, service.Health);
    }

    [Fact]
    public void Each_protocol_is_a_port_of_one_service()
    {
        var settings = Run(
            "--listen", "udp://127.0.0.1:53", "--listen", "tcp://127.0.0.1:53", "--listen", "udp://[::1]:53",
            "--backend", "127.0.0.1:81", "--backend", "[::1]:81", "--scheduler", "wlc", "--affinity", "ClientIP",
            "--udp", "requests=1,responses=1,when-full=refuse", "--drain-timeout", "5s");

        var (tcp, udp) = (settings.Direct!.Services[0], settings.Direct.Services[1]);
        Assert.Equal(2, settings.Direct.Services.Count);
        Assert.Equal(("default/direct:tcp", "default/direct:udp"), (tcp.Key.ToString(), udp.Key.ToString()));
        Assert.Equal((TransportProtocol.Tcp, TransportProtocol.Udp), (tcp.Protocol, udp.Protocol));
        Assert.Equal(["127.0.0.1:53"], ((IEnumerable<ListenSpec>)tcp.Listens).Select(l => l.Address.ToString()));
        Assert.Equal(["127.0.0.1:53", "[::1]:53"], ((IEnumerable<ListenSpec>)udp.Listens).Select(l => l.Address.ToString()));
        Assert.Equal(tcp.Backends, udp.Backends);
        Assert.Equal((tcp.Scheduler, tcp.Affinity, tcp.Health), (udp.Scheduler, udp.Affinity, udp.Health));
        Assert.Equal(DatagramSpec.Default, tcp.Datagrams);
        Assert.Equal(new DatagramSpec { Requests = 1, Responses = 1, WhenFull = FlowsFull.Refuse }, udp.Datagrams);
        Assert.Equal(TimeoutSpec.Default with { Drain = TimeSpan.FromSeconds(5) }, tcp.Timeouts);
        Assert.Equal(tcp.Timeouts with { Idle = TimeSpan.FromSeconds(30) }, udp.Timeouts);
    }

    [Fact]
    public void What_a_flow_is_can_be_a_variable()
    {
        var settings = RunWith(new()
        {
            ["L4LB_LISTEN"] = "udp://127.0.0.1:53,127.0.0.1:53",
            ["L4LB_BACKEND"] = "127.0.0.1:81",
            ["L4LB_UDP"] = "max-bytes=512,per-datagram",
        });

        Assert.Equal(
            [DatagramSpec.Default, new() { Mode = DatagramMode.Datagram, MaxBytes = 512 }],
            ((IEnumerable<ServiceSpec>)settings.Direct!.Services).Select(s => s.Datagrams));
    }

    [Fact]
    public void Rules_are_said_as_annotations_say_them()
    {
        var service = Run(
            "--listen", "127.0.0.1:80", "--backend", "127.0.0.1:81", "--exec-probes", "/probes",
            "--health-check", "exec:check --fast,interval=1s", "--affinity", "ClientIP,timeout=10m,ipv4-prefix=24").Direct!.Services[0];

        Assert.Equal(new AffinitySpec { Timeout = TimeSpan.FromMinutes(10), IPv4PrefixLength = 24 }, service.Affinity);
        Assert.Equal(
            new ProbeSpec { Kind = ProbeKind.Exec, Command = ["/probes/check", "--fast"], Interval = TimeSpan.FromSeconds(1) },
            service.Health.Probe);
    }

    [Fact]
    public void Variables_say_what_options_would()
    {
        var settings = RunWith(new()
        {
            ["L4LB_FILENAME"] = "a,b",
            ["L4LB_NODE_NAME"] = "n",
            ["L4LB_EXEC_PROBES"] = "/probes",
            ["L4LB_WATCH"] = "1",
            ["L4LB_SHARDS"] = "5",
            ["L4LB_MAX_FLOWS"] = "8000",
            ["L4LB_UDP_OFFLOAD"] = "off",
            ["L4LB_SERVICE_CIDR"] = "10.0.0.0/16,fd00::/108",
        });

        Assert.Equal(["a", "b"], settings.Manifests.Paths);
        Assert.Equal("n", settings.Standalone.NodeName);
        Assert.Equal("/probes", settings.Standalone.ExecProbes);
        Assert.True(settings.Watch);
        Assert.Equal(5, settings.Shards);
        Assert.Equal(8000, settings.MaxFlows);
        Assert.False(settings.UdpOffload);
        Assert.Equal(2, settings.Standalone.ServiceCidrs.Count);
    }

    [Fact]
    public void A_backends_parameters_stay_with_it_in_a_variable()
    {
        var settings = RunWith(new()
        {
            ["L4LB_LISTEN"] = "tcp://127.0.0.1:80",
            ["L4LB_BACKEND"] = "127.0.0.1:81,weight=3,127.0.0.1:82",
        });

        Assert.Equal([3, 1], ((IEnumerable<BackendSpec>)settings.Direct!.Services[0].Backends).Select(b => b.Weight));
    }

    [Theory]
    [InlineData("--announce needs the interface", "--announce", "bgp")]
    [InlineData("--vip-lease 1s: must be whole seconds, from 2s to 1h", "--vip-lease", "1s")]
    [InlineData("--vip-lease 2500ms: must be whole seconds", "--vip-lease", "2500ms")]
    [InlineData("--announce arp: must be one of none, l2, bgp", "--announce", "arp")]
    public void Addresses_that_cannot_be_announced_are_refused(string expected, string option, string value)
    {
        var fixture = new CommandLineFixture();

        Assert.Equal(2, fixture.ExitCodeOf("run", "-f", "a", option, value));
        Assert.Contains(expected, fixture.Error);
    }

    [Fact]
    public void The_command_line_wins_over_variables()
    {
        var settings = RunWith(new() { ["L4LB_SHARDS"] = "5", ["L4LB_FILENAME"] = "a" }, "--shards", "2", "-f", "b");

        Assert.Equal(2, settings.Shards);
        Assert.Equal(["b"], settings.Manifests.Paths);
    }

    [Fact]
    public void A_bad_variable_is_named()
    {
        var fixture = new CommandLineFixture { Variables = { ["L4LB_SHARDS"] = "none" } };

        Assert.Equal(2, fixture.ExitCodeOf("run", "-f", "a"));
        Assert.Contains("L4LB_SHARDS: --shards none: must be 1…1024", fixture.Error);
    }
}
