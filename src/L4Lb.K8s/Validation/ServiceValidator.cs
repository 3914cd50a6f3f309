using L4Lb.K8s.Defaults;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>Checks a Service, in the order in which the API server does.</summary>
internal static class ServiceValidator
{
    private const string OnlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";
    private const string SourceRangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private const string TopologyHints = "service.kubernetes.io/topology-aware-hints";
    private const string TopologyMode = "service.kubernetes.io/topology-mode";

    private static readonly TimeSpan s_maxAffinityTimeout = TimeSpan.FromDays(1);

    /// <summary>Checks <paramref name="service"/>.</summary>
    public static void Validate(Service service, FieldErrors errors)
    {
        // Since v1.37 a Service may be named as any label may; older servers want a letter first (ServiceWarnings).
        MetadataValidator.Validate(service.Metadata, isNamespaced: true, NameRules.Dns1123Label, errors);
        ValidateTopology(service, errors);
        ValidateTypeRules(service, errors);
        ServicePortValidator.Validate(service, errors);
        MetadataValidator.ValidateLabels("spec.selector", service.Selector, errors);
        ValidateAffinity(service, errors);
        ClusterIPValidator.Validate(service, errors);
        ValidateExternalIPs(service, errors);
        if (service.Type is not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName"))
        {
            errors.NotSupported("spec.type", service.Type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        }

        ServicePortValidator.ValidateUniqueness(service, errors);
        ValidateLoadBalancer(service, errors);
        ValidatePolicies(service, errors);
        ValidateIngress(service, errors);
        ServiceWarnings.Add(service, errors);
    }

    private static void ValidateTopology(Service service, FieldErrors errors)
    {
        var annotations = service.Metadata.Annotations;
        if (annotations.TryGetValue(TopologyMode, out var mode) && annotations.TryGetValue(TopologyHints, out var hints)
            && mode != hints)
        {
            errors.Invalid($"metadata.annotations[{TopologyMode}]", mode, $"must match annotations[{TopologyHints}] when both are specified");
        }
    }

    private static void ValidateTypeRules(Service service, FieldErrors errors)
    {
        var isHeadless = ClusterIPValidator.IsHeadless(service);
        if (service.Ports.Count == 0 && !isHeadless && service.Type != "ExternalName")
        {
            errors.Required("spec.ports");
        }

        if (service.Type is "LoadBalancer" or "NodePort" && isHeadless)
        {
            errors.Invalid("spec.clusterIPs[0]", service.ClusterIPs[0], $"may not be set to 'None' for {service.Type} services");
        }

        if (service.Type != "ExternalName")
        {
            return;
        }

        const string NotForExternalName = "may not be set for ExternalName services";
        if (service.ClusterIPs.Count > 0)
        {
            errors.Forbidden("spec.clusterIPs", NotForExternalName);
        }

        if (service.IPFamilies.Count > 0)
        {
            errors.Forbidden("spec.ipFamilies", NotForExternalName);
        }

        if (service.IPFamilyPolicy is not null)
        {
            errors.Forbidden("spec.ipFamilyPolicy", NotForExternalName);
        }

        // A trailing dot says that the name is complete.
        var name = service.ExternalName.EndsWith('.') ? service.ExternalName[..^1] : service.ExternalName;
        if (name.Length > 0)
        {
            errors.InvalidEach("spec.externalName", name, NameRules.Dns1123Subdomain(name));
        }
        else
        {
            errors.Required("spec.externalName");
        }
    }

    private static void ValidateAffinity(Service service, FieldErrors errors)
    {
        if (service.SessionAffinity is not ("None" or "ClientIP"))
        {
            errors.NotSupported("spec.sessionAffinity", service.SessionAffinity, "ClientIP", "None");
        }

        var max = (int)s_maxAffinityTimeout.TotalSeconds;
        if (service is { SessionAffinity: "ClientIP", SessionAffinityTimeoutSeconds: { } seconds }
            && (seconds <= 0 || seconds > max))
        {
            errors.Invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, $"must be greater than 0 and less than {max}");
        }
    }

    private static void ValidateExternalIPs(Service service, FieldErrors errors)
    {
        var addresses = new SpecialAddressValidator(errors);
        for (var i = 0; i < service.ExternalIPs.Count; i++)
        {
            var (path, text) = ($"spec.externalIPs[{i}]", service.ExternalIPs[i]);
            if (AddressRules.TryParse(text, out var address))
            {
                addresses.ValidateNotSpecial(path, text, address);
            }
            else
            {
                errors.Invalid(path, text, AddressRules.MustBeAddress);
            }
        }

        addresses.WarnOfLoopback();
    }

    private static void ValidateLoadBalancer(Service service, FieldErrors errors)
    {
        const string MustBeNetwork = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
        var isLoadBalancer = service.Type == "LoadBalancer";
        if (service.LoadBalancerSourceRanges.Count > 0)
        {
            const string Path = "spec.LoadBalancerSourceRanges";
            if (!isLoadBalancer)
            {
                errors.Forbidden(Path, OnlyLoadBalancer);
            }

            for (var i = 0; i < service.LoadBalancerSourceRanges.Count; i++)
            {
                var range = service.LoadBalancerSourceRanges[i].Trim();
                if (!AddressRules.TryParseNetwork(range, out _, out _))
                {
                    errors.Invalid($"{Path}[{i}]", range, MustBeNetwork);
                }
            }
        }
        else if (service.Metadata.Annotations.TryGetValue(SourceRangesAnnotation, out var annotation))
        {
            const string Path = $"metadata.annotations[{SourceRangesAnnotation}]";
            if (!isLoadBalancer)
            {
                errors.Forbidden(Path, OnlyLoadBalancer);
            }

            foreach (var range in annotation.Trim().Length == 0 ? [] : annotation.Split(',', StringSplitOptions.TrimEntries))
            {
                if (!AddressRules.TryParseNetwork(range, out _, out _))
                {
                    errors.Invalid(Path, range, MustBeNetwork);
                }
            }
        }

        if (service.AllocateLoadBalancerNodePorts is not null && !isLoadBalancer)
        {
            errors.Forbidden("spec.allocateLoadBalancerNodePorts", OnlyLoadBalancer);
        }

        if (service.LoadBalancerClass is { } @class)
        {
            if (isLoadBalancer)
            {
                errors.InvalidEach("spec.loadBalancerClass", @class, NameRules.QualifiedName(@class));
            }
            else
            {
                errors.Forbidden("spec.loadBalancerClass", OnlyLoadBalancer);
            }
        }
    }

    private static void ValidatePolicies(Service service, FieldErrors errors)
    {
        var policy = service.ExternalTrafficPolicy;
        if (!ServiceDefaults.IsExternallyAccessible(service))
        {
            if (policy.Length > 0)
            {
                errors.Invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services");
            }
        }
        else if (policy is not ("Cluster" or "Local"))
        {
            errors.NotSupported("spec.externalTrafficPolicy", policy, "Cluster", "Local");
        }

        // 0 is to be allocated.
        var port = service.HealthCheckNodePort;
        if (port != 0 && !(service.Type == "LoadBalancer" && policy == "Local"))
        {
            errors.Invalid("spec.healthCheckNodePort", port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
        else if (port is < 0 or > 65535)
        {
            errors.Invalid("spec.healthCheckNodePort", port, NameRules.PortRange);
        }

        if (service.InternalTrafficPolicy is not (null or "Cluster" or "Local"))
        {
            errors.NotSupported("spec.internalTrafficPolicy", service.InternalTrafficPolicy, "Cluster", "Local");
        }

        if (service.TrafficDistribution is not (null or "PreferClose" or "PreferSameNode" or "PreferSameZone"))
        {
            errors.NotSupported("spec.trafficDistribution", service.TrafficDistribution, "PreferClose", "PreferSameNode", "PreferSameZone");
        }
    }

    // The API server would forget a status on creation; here it says which addresses a provider has given.
    private static void ValidateIngress(Service service, FieldErrors errors)
    {
        for (var i = 0; i < service.Ingress.Count; i++)
        {
            var (path, ingress) = ($"status.loadBalancer.ingress[{i}]", service.Ingress[i]);
            if (ingress.IP.Length > 0 && !AddressRules.TryParse(ingress.IP, out _))
            {
                errors.Invalid($"{path}.ip", ingress.IP, AddressRules.MustBeAddress);
            }

            if (ingress.IPMode is not null && ingress.IP.Length == 0)
            {
                errors.Forbidden($"{path}.ipMode", "may not be specified when `ip` is not set");
            }
            else if (ingress.IPMode is not (null or "VIP" or "Proxy"))
            {
                errors.NotSupported($"{path}.ipMode", ingress.IPMode, "Proxy", "VIP");
            }

            if (ingress.Hostname.Length > 0)
            {
                errors.InvalidEach($"{path}.hostname", ingress.Hostname, NameRules.Dns1123Subdomain(ingress.Hostname));
                if (AddressRules.TryParse(ingress.Hostname, out _))
                {
                    errors.Invalid($"{path}.hostname", ingress.Hostname, "must be a DNS name, not an IP address");
                }
            }
        }
    }
}
