using System.Net;
using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;
using L4Lb.Host.Dns;
using L4Lb.Host.Running;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Dns;

/// <summary>The records of the specification (kubernetes/dns docs/specification.md 1.1.0), row by row, from manifests.</summary>
public class ServiceZonesTests
{
    private const string Manifest = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: prod}
        spec:
          clusterIP: 10.96.0.10
          clusterIPs: [10.96.0.10, "fd00:96::a"]
          ipFamilies: [IPv4, IPv6]
          ipFamilyPolicy: RequireDualStack
          ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: plain, namespace: prod}
        spec: {clusterIP: 10.96.0.11, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: prod}
        spec: {clusterIP: None, ports: [{name: pg, port: 5432}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: db-1, namespace: prod, labels: {kubernetes.io/service-name: db}}
        addressType: IPv4
        ports: [{name: pg, port: 15432}]
        endpoints:
        - {addresses: [10.1.0.1], hostname: db-0}
        - {addresses: [10.1.0.2]}
        - {addresses: [10.1.0.3], conditions: {ready: false}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: starting, namespace: prod}
        spec: {clusterIP: None, publishNotReadyAddresses: true, ports: [{port: 80}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: starting-1, namespace: prod, labels: {kubernetes.io/service-name: starting}}
        addressType: IPv4
        ports: [{port: 80}]
        endpoints:
        - {addresses: [10.1.0.9], conditions: {ready: false}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: nobody, namespace: prod}
        spec: {clusterIP: None, ports: [{name: x, port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: ext, namespace: prod}
        spec: {type: ExternalName, externalName: my.database.example.com}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: front
          namespace: edge
          annotations: {external-dns.alpha.kubernetes.io/hostname: "www.example.org, shop.lb.example.net,x.cluster.local"}
        spec:
          type: LoadBalancer
          clusterIP: 10.96.0.12
          ports: [{port: 80}]
        ---
        apiVersion: l4lb.io/v1alpha1
        kind: AddressPool
        metadata: {name: pool}
        spec: {addresses: [192.0.2.10/32]}
        """;

    private readonly ZoneSet _zones = Load(Manifest);

    [Theory]
    [InlineData("dns-version.cluster.local", RecordType.TXT, "28800 \"1.1.0\"")]
    [InlineData("web.prod.svc.cluster.local", RecordType.A, "5 10.96.0.10")]
    [InlineData("web.prod.svc.cluster.local", RecordType.AAAA, "5 fd00:96::a")]
    [InlineData("_http._tcp.web.prod.svc.cluster.local", RecordType.SRV, "5 0 100 80 web.prod.svc.cluster.local.")]
    [InlineData("_dns._udp.web.prod.svc.cluster.local", RecordType.SRV, "5 0 100 53 web.prod.svc.cluster.local.")]
    [InlineData("_http._udp.web.prod.svc.cluster.local", RecordType.SRV, "NXDOMAIN")]
    [InlineData("_tcp.plain.prod.svc.cluster.local", RecordType.SRV, "NXDOMAIN")] // Ports without names have none here.
    [InlineData("10.0.96.10.in-addr.arpa", RecordType.PTR, "5 web.prod.svc.cluster.local.")]
    [InlineData("a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.0.d.f.ip6.arpa", RecordType.PTR, "5 web.prod.svc.cluster.local.")]
    [InlineData("99.0.96.10.in-addr.arpa", RecordType.PTR, "NXDOMAIN")] // Nobody else would know it.
    [InlineData("99.0.1.10.in-addr.arpa", RecordType.PTR, "outside")]
    [InlineData("db.prod.svc.cluster.local", RecordType.A, "5 10.1.0.1 10.1.0.2")]
    [InlineData("db.prod.svc.cluster.local", RecordType.AAAA, "NODATA")]
    [InlineData("db-0.db.prod.svc.cluster.local", RecordType.A, "5 10.1.0.1")]
    [InlineData("10-1-0-2.db.prod.svc.cluster.local", RecordType.A, "5 10.1.0.2")]
    [InlineData("10-1-0-3.db.prod.svc.cluster.local", RecordType.A, "NXDOMAIN")]
    [InlineData("_pg._tcp.db.prod.svc.cluster.local", RecordType.SRV,
        "5 0 50 15432 db-0.db.prod.svc.cluster.local. 0 50 15432 10-1-0-2.db.prod.svc.cluster.local.")]
    [InlineData("1.0.1.10.in-addr.arpa", RecordType.PTR, "5 db-0.db.prod.svc.cluster.local.")]
    [InlineData("starting.prod.svc.cluster.local", RecordType.A, "5 10.1.0.9")]
    [InlineData("nobody.prod.svc.cluster.local", RecordType.A, "NXDOMAIN")] // As the specification has it, of no endpoint.
    [InlineData("ext.prod.svc.cluster.local", RecordType.CNAME, "5 my.database.example.com.")]
    [InlineData("front.edge.svc.cluster.local", RecordType.A, "5 10.96.0.12")]
    [InlineData("prod.svc.cluster.local", RecordType.A, "NODATA")]
    [InlineData("svc.cluster.local", RecordType.A, "NODATA")]
    [InlineData("elsewhere.svc.cluster.local", RecordType.A, "NXDOMAIN")]
    [InlineData("front.edge.lb.example.net", RecordType.A, "5 192.0.2.10")]
    [InlineData("shop.lb.example.net", RecordType.A, "5 192.0.2.10")]
    [InlineData("www.example.org", RecordType.A, "5 192.0.2.10")]
    [InlineData("x.www.example.org", RecordType.A, "outside")] // The rest of that zone is somebody else's.
    [InlineData("x.cluster.local", RecordType.A, "NXDOMAIN")] // No annotation makes a Service of its own.
    [InlineData("web.prod.lb.example.net", RecordType.A, "NXDOMAIN")]
    [InlineData("cluster.local", RecordType.NS, "5 ns.dns.cluster.local.")]
    [InlineData("cluster.local", RecordType.SOA, "5 ns.dns.cluster.local. hostmaster.cluster.local. 9 7200 1800 86400 5")]
    public void Each_record_is_there(string name, RecordType type, string expected) => Assert.Equal(expected, Ask(_zones, name, type));

    [Fact]
    public void Another_domain_is_another_name()
    {
        var zones = Load(Manifest, static settings => settings with { ClusterDomain = DnsName.Parse("k8s.example"), ExternalZone = null });
        Assert.Equal("5 10.96.0.10", Ask(zones, "web.prod.svc.k8s.example", RecordType.A));
        Assert.Equal("outside", Ask(zones, "web.prod.svc.cluster.local", RecordType.A));
        Assert.Equal("outside", Ask(zones, "www.example.org", RecordType.A)); // Only with a zone outside is there anything outside.
    }

    private static ZoneSet Load(string manifest, Func<DnsSettings, DnsSettings>? change = null)
    {
        using var folder = new TemporaryFolder();
        IPNetwork[] ranges = [IPNetwork.Parse("10.96.0.0/16"), IPNetwork.Parse("fd00:96::/112")];
        var source = ManifestStateSource.Create(
            new ManifestSourceOptions([folder.Write("a.yaml", manifest)]), new StandaloneOptions { ServiceCidrs = ranges });
        var loaded = source.Load();
        Assert.True(loaded.Desired is not null, string.Join('\n', loaded.Diagnostics));
        var settings = new DnsSettings(new IPEndPoint(IPAddress.Loopback, 53))
        {
            ServiceCidrs = ranges,
            ExternalZone = DnsName.Parse("lb.example.net"),
        };
        return ServiceZones.Build(source.Plan!.Discovered, change?.Invoke(settings) ?? settings, serial: 9);
    }

    private static string Ask(ZoneSet zones, string text, RecordType type)
    {
        var name = DnsName.Parse(text);
        return zones.Find(name.Wire) is not { } zone ? "outside"
            : zone.Find(name.Wire) is not { } node ? "NXDOMAIN"
            : node.Find(type) is not { } set ? "NODATA"
            : $"{set.Ttl} {string.Join(' ', set.Data)}";
    }
}
