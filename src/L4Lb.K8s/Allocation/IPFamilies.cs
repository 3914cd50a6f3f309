using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Allocation;

/// <summary>Settles <c>ipFamilyPolicy</c> and <c>ipFamilies</c> as the API server does when a Service is created.</summary>
internal static class IPFamilies
{
    private const string SingleStack = "SingleStack";
    private const string RequireDualStack = "RequireDualStack";
    private const string PolicyPath = "spec.ipFamilyPolicy";

    /// <summary>Fills the two fields in.</summary>
    /// <param name="service">The Service, defaulted.</param>
    /// <param name="configured">The families that have a range; the first is the default one.</param>
    /// <param name="diagnostics">Takes what cannot be had.</param>
    /// <returns>The Service, or null when it is refused.</returns>
    public static Service? Settle(Service service, IReadOnlyList<string> configured, ICollection<Diagnostic> diagnostics)
    {
        if (service.Type == "ExternalName")
        {
            return service;
        }

        var selectorless = service.IsHeadless && service.Selector.Count == 0;
        var policy = service.IPFamilyPolicy ?? (selectorless ? RequireDualStack : SingleStack);
        var families = service.IPFamilies.ToList();
        var clusterIPs = RequestedIPs(service);

        var problems = new List<(string Path, string Message)>();
        CheckPolicy(policy, families, clusterIPs, problems);
        InferFromAddresses(families, clusterIPs, configured, problems);
        if (problems.Count == 0 && !selectorless)
        {
            CheckConfigured(policy, families, configured, problems);
        }

        foreach (var (path, message) in problems)
        {
            diagnostics.Refuse(service, path, message);
        }

        if (problems.Count > 0)
        {
            return null;
        }

        if (families.Count == 0)
        {
            families.Add(configured[0]);
        }

        // A headless Service without a selector may have both families even where there is one range.
        if (policy != SingleStack && families.Count == 1 && (selectorless || configured.Count == 2))
        {
            families.Add(families[0] == "IPv4" ? "IPv6" : "IPv4");
        }

        return service.IPFamilyPolicy == policy && service.IPFamilies.SequenceEqual(families)
            ? service
            : service with { IPFamilyPolicy = policy, IPFamilies = families.ToEquatableArray() };
    }

    /// <summary>The ClusterIPs that <paramref name="service"/> asks for; none when it is headless.</summary>
    public static EquatableArray<string> RequestedIPs(Service service) =>
        service.IsHeadless ? []
        : service.ClusterIPs.Count > 0 ? service.ClusterIPs
        : service.ClusterIP.Length > 0 ? [service.ClusterIP]
        : [];

    /// <summary>A list as the API server writes it: <c>["10.0.0.1"]</c>.</summary>
    public static string Quote(EquatableArray<string> values) => $"[\"{string.Join("\",\"", values)}\"]";

    private static void CheckPolicy(
        string policy, List<string> families, EquatableArray<string> clusterIPs, List<(string Path, string Message)> problems)
    {
        const string Must = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
        if (policy == SingleStack && clusterIPs.Count == 2)
        {
            problems.Add((PolicyPath, $"Invalid value: \"{policy}\": {Must} cluster IPs are specified"));
        }

        if (policy == SingleStack && families.Count == 2)
        {
            problems.Add((PolicyPath, $"Invalid value: \"{policy}\": {Must} IP families are specified"));
        }
    }

    private static void InferFromAddresses(
        List<string> families, EquatableArray<string> clusterIPs, IReadOnlyList<string> configured,
        List<(string Path, string Message)> problems)
    {
        for (var i = families.Count; i < clusterIPs.Count; i++)
        {
            var family = clusterIPs[i].Contains(':') ? "IPv6" : "IPv4";
            if (configured.Contains(family))
            {
                families.Add(family);
            }
            else
            {
                problems.Add((
                    $"spec.clusterIPs[{i}]", $"Invalid value: {Quote(clusterIPs)}: {family} is not configured on this cluster"));
            }
        }
    }

    private static void CheckConfigured(
        string policy, List<string> families, IReadOnlyList<string> configured, List<(string Path, string Message)> problems)
    {
        if (policy == RequireDualStack && configured.Count < 2)
        {
            problems.Add((PolicyPath, $"Invalid value: \"{policy}\": this cluster is not configured for dual-stack services"));
        }

        for (var i = 0; i < families.Count; i++)
        {
            if (!configured.Contains(families[i]))
            {
                problems.Add(($"spec.ipFamilies[{i}]", $"Invalid value: \"{families[i]}\": not configured on this cluster"));
            }
        }
    }
}
