using L4Lb.K8s.Discovery;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Discovery;

public class EnvironmentVariablesTests
{
    /// <summary>The example of the Kubernetes documentation (concepts/services-networking/service, "Environment variables").</summary>
    [Fact]
    public void The_documented_example_comes_out() => Assert.Equal(
        [
            "REDIS_PRIMARY_SERVICE_HOST=10.0.0.11",
            "REDIS_PRIMARY_SERVICE_PORT=6379",
            "REDIS_PRIMARY_PORT=tcp://10.0.0.11:6379",
            "REDIS_PRIMARY_PORT_6379_TCP=tcp://10.0.0.11:6379",
            "REDIS_PRIMARY_PORT_6379_TCP_PROTO=tcp",
            "REDIS_PRIMARY_PORT_6379_TCP_PORT=6379",
            "REDIS_PRIMARY_PORT_6379_TCP_ADDR=10.0.0.11",
        ],
        Of("default", With("redis-primary", "default", "10.0.0.11", Make.Port(6379))));

    /// <summary>Kubernetes pkg/kubelet/envvars/envvars_test.go has the same ports: a name each, and more than one protocol.</summary>
    [Fact]
    public void Each_port_has_its_own_and_the_first_the_plain_names() => Assert.Equal(
        [
            "SUPER_DUPER_SERVICE_HOST=9.8.7.6",
            "SUPER_DUPER_SERVICE_PORT=8086",
            "SUPER_DUPER_SERVICE_PORT_P=8086",
            "SUPER_DUPER_SERVICE_PORT_Q_2=8087",
            "SUPER_DUPER_PORT=udp://9.8.7.6:8086",
            "SUPER_DUPER_PORT_8086_UDP=udp://9.8.7.6:8086",
            "SUPER_DUPER_PORT_8086_UDP_PROTO=udp",
            "SUPER_DUPER_PORT_8086_UDP_PORT=8086",
            "SUPER_DUPER_PORT_8086_UDP_ADDR=9.8.7.6",
            "SUPER_DUPER_PORT_8087_TCP=tcp://9.8.7.6:8087",
            "SUPER_DUPER_PORT_8087_TCP_PROTO=tcp",
            "SUPER_DUPER_PORT_8087_TCP_PORT=8087",
            "SUPER_DUPER_PORT_8087_TCP_ADDR=9.8.7.6",
        ],
        Of("default", With("super-duper", "default", "9.8.7.6", Make.Port(8086, name: "p", protocol: "UDP"), Make.Port(8087, name: "q-2"))));

    [Fact]
    public void An_IPv6_address_has_brackets_in_URLs_alone()
    {
        var variables = Of("default", With("v6", "default", "2001:db8::1", Make.Port(80)));
        Assert.Contains("V6_SERVICE_HOST=2001:db8::1", variables);
        Assert.Contains("V6_PORT=tcp://[2001:db8::1]:80", variables);
        Assert.Contains("V6_PORT_80_TCP_ADDR=2001:db8::1", variables);
    }

    [Fact]
    public void Only_Services_with_an_address_of_the_namespace_and_the_API_server_s_are_told_of()
    {
        Service[] services =
        [
            With("kubernetes", "default", "10.96.0.1", Make.Port(443)),
            With("other", "default", "10.96.0.2", Make.Port(80)),
            With("web", "prod", "10.96.0.3", Make.Port(80)),
            With("headless", "prod", "None", Make.Port(80)),
            With("external", "prod", "", Make.Port(80)),
        ];
        Assert.Equal(["KUBERNETES", "WEB"], Names(Of("prod", services)));
        Assert.Equal(["KUBERNETES", "OTHER"], Names(Of("default", services)));
        Assert.Equal(["KUBERNETES"], Names([.. EnvironmentVariables.Of(services, "prod", serviceLinks: false).Select(static v => $"{v.Key}={v.Value}")]));
        Assert.Equal(["KUBERNETES"], Names(Of("empty", services)));
    }

    [Fact]
    public void A_Service_of_the_namespace_goes_before_the_API_server_s()
    {
        Service[] services = [With("kubernetes", "prod", "10.96.0.9", Make.Port(80)), With("kubernetes", "default", "10.96.0.1", Make.Port(443))];
        Assert.Contains("KUBERNETES_SERVICE_HOST=10.96.0.9", Of("prod", services));
        Assert.Contains("KUBERNETES_SERVICE_HOST=10.96.0.9", Of("prod", [.. services.Reverse()]));
        Assert.Contains("KUBERNETES_SERVICE_HOST=10.96.0.1", Of("default", services));
    }

    private static string[] Of(string home, params Service[] services) =>
        [.. EnvironmentVariables.Of(services, home).Select(static variable => $"{variable.Key}={variable.Value}")];

    private static IEnumerable<string> Names(string[] variables) =>
        variables.Where(static v => v.Contains("_SERVICE_HOST=", StringComparison.Ordinal)).Select(static v => v[..v.IndexOf("_SERVICE", StringComparison.Ordinal)]);

    private static Service With(string name, string home, string address, params ServicePort[] ports) =>
        Make.Service(name, @namespace: home) with { ClusterIP = address, ClusterIPs = address.Length > 0 ? [address] : [], Ports = [.. ports] };
}
