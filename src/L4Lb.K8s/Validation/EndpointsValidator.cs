using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>Checks an Endpoints.</summary>
internal static class EndpointsValidator
{
    /// <summary>Checks <paramref name="endpoints"/>.</summary>
    public static void Validate(Endpoints endpoints, FieldErrors errors)
    {
        MetadataValidator.Validate(endpoints.Metadata, isNamespaced: true, NameRules.Dns1123Subdomain, errors);
        var addresses = new SpecialAddressValidator(errors);
        for (var i = 0; i < endpoints.Subsets.Count; i++)
        {
            var (path, subset) = ($"subsets[{i}]", endpoints.Subsets[i]);
            if (subset.Addresses.Count == 0 && subset.NotReadyAddresses.Count == 0)
            {
                errors.Required(path, "must specify `addresses` or `notReadyAddresses`");
            }

            ValidateAddresses($"{path}.addresses", subset.Addresses, addresses, errors);
            ValidateAddresses($"{path}.notReadyAddresses", subset.NotReadyAddresses, addresses, errors);
            ValidatePorts($"{path}.ports", subset.Ports, errors);
        }

        addresses.WarnOfLoopback();
        errors.WarnAt("kind", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    }

    private static void ValidateAddresses(
        string path, EquatableArray<EndpointAddress> list, SpecialAddressValidator addresses, FieldErrors errors)
    {
        for (var i = 0; i < list.Count; i++)
        {
            var item = list[i];
            if (AddressRules.TryParse(item.IP, out var address))
            {
                addresses.ValidateNotSpecial($"{path}[{i}].ip", item.IP, address);
            }
            else
            {
                errors.Invalid($"{path}[{i}].ip", item.IP, AddressRules.MustBeAddress);
            }

            if (item.Hostname is { Length: > 0 } hostname)
            {
                errors.InvalidEach($"{path}[{i}].hostname", hostname, NameRules.Dns1123Label(hostname));
            }

            if (item.NodeName is { } nodeName)
            {
                errors.InvalidEach($"{path}[{i}].nodeName", nodeName, NameRules.Dns1123Subdomain(nodeName));
            }
        }
    }

    private static void ValidatePorts(string path, EquatableArray<EndpointPort> ports, FieldErrors errors)
    {
        for (var i = 0; i < ports.Count; i++)
        {
            var (item, port) = ($"{path}[{i}]", ports[i]);
            if (port.Name is { Length: > 0 } name)
            {
                errors.InvalidEach($"{item}.name", name, NameRules.Dns1123Label(name));
            }
            else if (ports.Count > 1)
            {
                errors.Required($"{item}.name");
            }

            if (port.Port is not (>= 1 and <= 65535))
            {
                errors.Invalid($"{item}.port", port.Port ?? 0, NameRules.PortRange);
            }

            PortRules.ValidateProtocol($"{item}.protocol", port.Protocol ?? "", errors);
            PortRules.ValidateAppProtocol($"{item}.appProtocol", port.AppProtocol, errors);
        }
    }
}
