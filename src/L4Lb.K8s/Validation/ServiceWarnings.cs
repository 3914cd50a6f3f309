using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>What the API server warns of when a Service is created, and what this appliance adds to it.</summary>
internal static class ServiceWarnings
{
    /// <summary>Adds the warnings about <paramref name="service"/>.</summary>
    public static void Add(Service service, FieldErrors errors)
    {
        WarnOfName(service, errors);
        if (service.Metadata.Annotations.ContainsKey("service.kubernetes.io/topology-aware-hints"))
        {
            errors.WarnAt("metadata.annotations", "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead");
        }

        var isHeadless = service is { Type: "ClusterIP", ClusterIP: "None" };
        if (!isHeadless)
        {
            WarnOfForms("spec.clusterIPs", service.ClusterIPs, AddressRules.FormWarning, errors);
        }

        if (isHeadless && service.LoadBalancerIP.Length > 0)
        {
            errors.WarnAt("spec.loadBalancerIP", "spec.loadBalancerIP is ignored for headless services");
        }

        WarnOfExternalIPs(service, isHeadless, errors);
        if (isHeadless && service.SessionAffinity != "None")
        {
            errors.WarnAt("spec.sessionAffinity", "spec.SessionAffinity is ignored for headless services");
        }

        WarnOfLoadBalancerIP(service, errors);
        WarnOfForms("spec.loadBalancerSourceRanges", service.LoadBalancerSourceRanges, r => AddressRules.NetworkFormWarning(r.Trim()), errors);
        if (service.Type != "ExternalName" && service.ExternalName.Length > 0)
        {
            errors.WarnAt("spec.externalName", "spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }

        if (service.TrafficDistribution == "PreferClose")
        {
            errors.Warn("spec.trafficDistribution", "\"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
    }

    private static void WarnOfName(Service service, FieldErrors errors)
    {
        var name = service.Metadata.Name;
        if (name.Length > 0 && NameRules.Dns1123Label(name).Count == 0 && NameRules.Dns1035Label(name) is [var problem, ..])
        {
            errors.Warn("metadata.name", $"API servers before v1.37 would refuse this: Invalid value: {GoText.Quote(name)}: {problem}");
        }
    }

    private static void WarnOfExternalIPs(Service service, bool isHeadless, FieldErrors errors)
    {
        if (service.ExternalIPs.Count > 0)
        {
            errors.WarnAt("spec.externalIPs", (isHeadless, service.Type) switch
            {
                (true, _) => "spec.externalIPs is ignored for headless services",
                (_, "ExternalName") => "spec.externalIPs is ignored when spec.type is \"ExternalName\"",
                _ => "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
            });
        }
    }

    // The API server takes any text; an address that is none could not be served.
    private static void WarnOfLoadBalancerIP(Service service, FieldErrors errors)
    {
        var text = service.LoadBalancerIP;
        if (text.Length > 0 && !AddressRules.TryParse(text, out _))
        {
            errors.Warn("spec.loadBalancerIP", $"{GoText.Quote(text)} is not an IP address and cannot be served");
        }
        else if (AddressRules.FormWarning(text) is { } warning)
        {
            errors.Warn("spec.loadBalancerIP", warning);
        }
    }

    private static void WarnOfForms(
        string path, EquatableArray<string> texts, Func<string, string?> rule, FieldErrors errors)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (rule(texts[i]) is { } warning)
            {
                errors.Warn($"{path}[{i}]", warning);
            }
        }
    }
}
