using L4Lb.K8s.Allocation;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.Allocation;

public class IPFamiliesTests
{
    /// <summary>Policy and families asked for, ranges configured, ClusterIPs asked for → policy and families, or error.</summary>
    [Theory]
    [InlineData(null, "", "IPv4", "", "SingleStack", "IPv4")]
    [InlineData(null, "", "IPv6,IPv4", "", "SingleStack", "IPv6")]
    [InlineData(null, "IPv6", "IPv4,IPv6", "", "SingleStack", "IPv6")]
    [InlineData(null, "", "IPv4,IPv6", "fd00::9", "SingleStack", "IPv6")]
    [InlineData("PreferDualStack", "", "IPv4", "", "PreferDualStack", "IPv4")]
    [InlineData("PreferDualStack", "", "IPv4,IPv6", "", "PreferDualStack", "IPv4,IPv6")]
    [InlineData("PreferDualStack", "IPv6", "IPv4,IPv6", "", "PreferDualStack", "IPv6,IPv4")]
    [InlineData("RequireDualStack", "", "IPv6,IPv4", "", "RequireDualStack", "IPv6,IPv4")]
    [InlineData(null, "", "IPv4", "None", "RequireDualStack", "IPv4,IPv6")]
    public void Settles(string? policy, string families, string configured, string clusterIP, string expectedPolicy, string expected)
    {
        var diagnostics = new List<Diagnostic>();
        var settled = IPFamilies.Settle(Service(policy, families, clusterIP), configured.Split(','), diagnostics);

        Assert.Empty(diagnostics);
        Assert.Equal(expectedPolicy, settled!.IPFamilyPolicy);
        Assert.Equal(expected.Split(','), settled.IPFamilies);
    }

    [Theory]
    [InlineData("RequireDualStack", "", "IPv4", "", "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for dual-stack services")]
    [InlineData(null, "IPv6", "IPv4", "", "spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster")]
    [InlineData(null, "", "IPv4", "fd00::9", "spec.clusterIPs[0]: Invalid value: [\"fd00::9\"]: IPv6 is not configured on this cluster")]
    [InlineData(null, "IPv4,IPv6", "IPv4,IPv6", "", "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified")]
    [InlineData(null, "", "IPv4,IPv6", "10.0.0.1,fd00::1", "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified")]
    public void Refuses(string? policy, string families, string configured, string clusterIPs, string expected)
    {
        var diagnostics = new List<Diagnostic>();
        Assert.Null(IPFamilies.Settle(Service(policy, families, clusterIPs), configured.Split(','), diagnostics));
        Assert.Equal(expected, Assert.Single(diagnostics).ToString());
    }

    private static Service Service(string? policy, string families, string clusterIPs)
    {
        var service = Make.Service("web") with
        {
            IPFamilyPolicy = policy,
            IPFamilies = [.. families.Split(',', StringSplitOptions.RemoveEmptyEntries)],
        };
        return clusterIPs.Length == 0 ? service : service.ClusterIP(clusterIPs.Split(','));
    }
}
