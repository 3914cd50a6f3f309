using System.Net.Sockets;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>Checks a Service's cluster addresses and families against one another. ExternalName has none of them.</summary>
internal static class ClusterIPValidator
{
    private const string ClusterIPs = "spec.clusterIPs";
    private const string None = "None";

    /// <summary>Whether <paramref name="service"/> asks for no address.</summary>
    public static bool IsHeadless(Service service) => service.ClusterIPs.Count == 1 && service.ClusterIPs[0] == None;

    /// <summary>Checks <paramref name="service"/>.</summary>
    public static void Validate(Service service, FieldErrors errors)
    {
        if (service.Type == "ExternalName")
        {
            return;
        }

        ValidateAgreement(service, errors);
        ValidateFamilies(service, errors);
        if (!ValidateAddresses(service, errors))
        {
            // What follows would blame the families for what is wrong with the addresses.
            return;
        }

        if (service.ClusterIPs.Count > 1
            && (service.ClusterIPs.Count != 2 || IsIPv6(service.ClusterIPs[0]) == IsIPv6(service.ClusterIPs[1])))
        {
            errors.Invalid(ClusterIPs, service.ClusterIPs, "may specify no more than one IP for each IP family");
        }

        for (var i = 0; !IsHeadless(service) && i < Math.Min(service.ClusterIPs.Count, service.IPFamilies.Count); i++)
        {
            var family = service.IPFamilies[i];
            if (family is "IPv4" or "IPv6" && IsIPv6(service.ClusterIPs[i]) != (family == "IPv6"))
            {
                errors.Invalid($"{ClusterIPs}[{i}]", service.ClusterIPs[i], $"expected an {family} value as indicated by `ipFamilies[{i}]`");
            }
        }
    }

    private static void ValidateAgreement(Service service, FieldErrors errors)
    {
        if (service.ClusterIP.Length == 0)
        {
            if (service.ClusterIPs.Count > 0)
            {
                errors.Invalid(ClusterIPs, service.ClusterIPs, "must be empty when `clusterIP` is not specified");
            }
        }
        else if (service.ClusterIPs.Count == 0)
        {
            errors.Required(ClusterIPs);
        }
        else if (service.ClusterIPs[0] != service.ClusterIP)
        {
            errors.Invalid(ClusterIPs, service.ClusterIPs, "first value must match `clusterIP`");
        }
    }

    private static void ValidateFamilies(Service service, FieldErrors errors)
    {
        for (var i = 0; i < service.IPFamilies.Count; i++)
        {
            var family = service.IPFamilies[i];
            if (family is not ("IPv4" or "IPv6"))
            {
                errors.NotSupported($"spec.ipFamilies[{i}]", family, "IPv4", "IPv6");
            }

            if (service.IPFamilies.Take(i).Contains(family, StringComparer.Ordinal))
            {
                errors.Duplicate($"spec.ipFamilies[{i}]", family);
            }
        }

        if (service.IPFamilyPolicy is not (null or "SingleStack" or "PreferDualStack" or "RequireDualStack"))
        {
            errors.NotSupported("spec.ipFamilyPolicy", service.IPFamilyPolicy, "PreferDualStack", "RequireDualStack", "SingleStack");
        }
    }

    private static bool ValidateAddresses(Service service, FieldErrors errors)
    {
        var isValid = true;
        for (var i = 0; i < service.ClusterIPs.Count; i++)
        {
            if (i == 0 && service.ClusterIPs[i] == None)
            {
                if (service.ClusterIPs.Count > 1)
                {
                    isValid = false;
                    errors.Invalid(ClusterIPs, service.ClusterIPs, "'None' must be the first and only value");
                }
            }
            else if (!AddressRules.TryParse(service.ClusterIPs[i], out _))
            {
                isValid = false;
                errors.Invalid($"{ClusterIPs}[{i}]", service.ClusterIPs[i], AddressRules.MustBeAddress);
            }
        }

        if (service.ClusterIPs.Count > 2)
        {
            errors.Invalid(ClusterIPs, service.ClusterIPs, "may only hold up to 2 values");
        }

        return isValid;
    }

    private static bool IsIPv6(string text) =>
        AddressRules.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
}
