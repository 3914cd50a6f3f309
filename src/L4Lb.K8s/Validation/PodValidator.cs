using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>Checks what makes a Pod an endpoint.</summary>
internal static class PodValidator
{
    /// <summary>Checks <paramref name="pod"/>.</summary>
    public static void Validate(Pod pod, FieldErrors errors)
    {
        MetadataValidator.Validate(pod.Metadata, isNamespaced: true, NameRules.Dns1123Subdomain, errors);
        for (var i = 0; i < pod.PodIPs.Count; i++)
        {
            if (!AddressRules.TryParse(pod.PodIPs[i], out _))
            {
                errors.Invalid($"status.podIPs[{i}].ip", pod.PodIPs[i], AddressRules.MustBeAddress);
            }
        }

        foreach (var port in pod.Ports)
        {
            if (port.Port is < 1 or > 65535)
            {
                errors.Invalid("spec.containers", port.Port, $"containerPort {NameRules.PortRange}");
            }
        }
    }
}
