using System.Net;
using L4Lb.Dns.Wire;
using L4Lb.Host.Dns;
using L4Lb.Host.Running;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Dns;

/// <summary>The documents that the project began with say how their Services are found: so they are.</summary>
public class SeedNamesTests
{
    private static readonly string s_folder = Path.Combine(RepositoryFolder.Root, "tests", "L4Lb.K8s.Tests", "assets", "seeds");

    public static TheoryData<string> Files =>
    [
        .. Directory.GetFiles(s_folder, "*.yaml").Select(Path.GetFileName).OfType<string>().Where(static file => PlanOf(file) is not null),
    ];

    [Theory]
    [InlineData("000-my-web-service.yaml", "my-web-service.default.svc.cluster.local", RecordType.A)]
    [InlineData("000-multi-port-service.yaml", "_https._tcp.multi-port-service.default.svc.cluster.local", RecordType.SRV)]
    [InlineData("000-external-database.yaml", "external-database.default.svc.cluster.local", RecordType.CNAME, "mysql.example.com.")]
    [InlineData("001-my-service-external-name.yaml", "my-service.prod.svc.cluster.local", RecordType.CNAME, "my.database.example.com.")]
    [InlineData("001-my-service-load-balancer.yaml", "my-service.default.svc.cluster.local", RecordType.A, "10.0.171.239")]
    public void What_a_document_says_is_answered(string file, string name, RecordType type, string? expected = null)
    {
        var (plan, settings) = PlanOf(file)!.Value;
        var wire = DnsName.Parse(name).Wire;
        var set = ServiceZones.Build(plan.Discovered, settings, serial: 1).Find(wire)!.Find(wire)!.Find(type);
        Assert.NotNull(set);
        Assert.True(expected is null || expected == string.Join(' ', set.Data), $"{string.Join(' ', set.Data)}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_Service_is_found_by_its_name(string file)
    {
        var (plan, settings) = PlanOf(file)!.Value;
        var zones = ServiceZones.Build(plan.Discovered, settings, serial: 1);
        foreach (var service in plan.Services)
        {
            var wire = DnsName.Parse($"{service.Metadata.Name}.{service.Metadata.Namespace}.svc.cluster.local").Wire;
            var node = zones.Find(wire)!.Find(wire);
            if (service.IsHeadless)
            {
                Assert.Equal(plan.Discovered.Single(d => d.Service == service).Endpoints.Count > 0, node is not null);
                continue;
            }

            var expected = service.Type == "ExternalName" ? $"{service.ExternalName}." : service.ClusterIP;
            Assert.Equal(expected, string.Join(' ', node!.Find(service.Type == "ExternalName" ? RecordType.CNAME : RecordType.A)!.Data));
        }
    }

    private static (Plan Plan, DnsSettings Settings)? PlanOf(string file)
    {
        IPNetwork[] ranges = [IPNetwork.Parse("10.0.0.0/8")]; // One of them asks for 10.0.171.239.
        var source = ManifestStateSource.Create(
            new ManifestSourceOptions([Path.Combine(s_folder, file)]), new StandaloneOptions { ServiceCidrs = ranges });
        return source.Load().Desired is not null && source.Plan!.Services.OfType<Service>().Any()
            ? (source.Plan, new DnsSettings(new IPEndPoint(IPAddress.Loopback, 53)) { ServiceCidrs = ranges })
            : null;
    }
}
