using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>Checks an EndpointSlice.</summary>
internal static class EndpointSliceValidator
{
    private const int MaxEndpoints = 1000;
    private const int MaxAddresses = 100;
    private const int MaxPorts = 20_000;
    private const int MaxHints = 8;

    /// <summary>Checks <paramref name="slice"/>.</summary>
    public static void Validate(EndpointSlice slice, FieldErrors errors)
    {
        MetadataValidator.Validate(slice.Metadata, isNamespaced: true, NameRules.Dns1123Subdomain, errors);
        if (slice.AddressType.Length == 0)
        {
            errors.Required("addressType");
        }
        else if (slice.AddressType is not ("IPv4" or "IPv6" or "FQDN"))
        {
            errors.NotSupported("addressType", slice.AddressType, "FQDN", "IPv4", "IPv6");
        }

        ValidateEndpoints(slice, errors);
        ValidatePorts(slice.Ports, errors);
    }

    private static void ValidateEndpoints(EndpointSlice slice, FieldErrors errors)
    {
        if (slice.Endpoints.Count > MaxEndpoints)
        {
            errors.TooMany("endpoints", slice.Endpoints.Count, MaxEndpoints);
            return;
        }

        var addresses = new SpecialAddressValidator(errors);
        for (var i = 0; i < slice.Endpoints.Count; i++)
        {
            var (path, endpoint) = ($"endpoints[{i}]", slice.Endpoints[i]);
            if (endpoint.Addresses.Count == 0)
            {
                errors.Required($"{path}.addresses", "must contain at least 1 address");
            }
            else if (endpoint.Addresses.Count > MaxAddresses)
            {
                errors.TooMany($"{path}.addresses", endpoint.Addresses.Count, MaxAddresses);
            }

            for (var j = 0; j < endpoint.Addresses.Count; j++)
            {
                ValidateAddress($"{path}.addresses[{j}]", endpoint.Addresses[j], slice.AddressType, addresses, errors);
            }

            ValidateNames(path, endpoint, errors);
        }

        addresses.WarnOfLoopback();
    }

    private static void ValidateAddress(
        string path, string text, string addressType, SpecialAddressValidator addresses, FieldErrors errors)
    {
        if (addressType == "FQDN")
        {
            ValidateDomain(path, text, errors);
        }
        else if (addressType is "IPv4" or "IPv6")
        {
            var family = addressType == "IPv4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            var isAddress = AddressRules.TryParse(text, out var address);
            if (!isAddress || address.AddressFamily != family)
            {
                errors.Invalid(path, text, $"must be a valid {addressType} address");
            }

            if (isAddress)
            {
                addresses.ValidateNotSpecial(path, text, address);
            }
            else
            {
                errors.Invalid(path, text, "must be a valid IP address");
            }
        }
    }

    private static void ValidateDomain(string path, string text, FieldErrors errors)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        if (text.Length == 0)
        {
            errors.Required(path);
        }
        else if (NameRules.Dns1123Subdomain(name) is { Count: > 0 } problems)
        {
            errors.Invalid(path, name, string.Join(',', problems));
        }
        else if (!name.Contains('.'))
        {
            // What docker-compose and a laptop call their neighbours: `db`, `localhost`.
            errors.Warn(
                path,
                $"the API server would refuse this: Invalid value: {GoText.Quote(name)}: should be a domain with at least two segments separated by dots");
        }
        else if (Array.Find(name.Split('.'), l => l.Length > 63) is { } label)
        {
            errors.Invalid(path, label, string.Join(',', NameRules.Dns1123Label(label)));
        }
    }

    private static void ValidateNames(string path, Endpoint endpoint, FieldErrors errors)
    {
        if (endpoint.NodeName is { } nodeName)
        {
            errors.InvalidEach($"{path}.nodeName", nodeName, NameRules.Dns1123Subdomain(nodeName));
        }

        if (endpoint.Hostname is { } hostname)
        {
            errors.InvalidEach($"{path}.hostname", hostname, NameRules.Dns1123Label(hostname));
        }

        ValidateHints($"{path}.hints.forZones", endpoint.ForZones, NameRules.LabelValue, errors);
        ValidateHints($"{path}.hints.forNodes", endpoint.ForNodes, NameRules.Dns1123Subdomain, errors);
    }

    private static void ValidateHints(
        string path, EquatableArray<string> names, Func<string, IReadOnlyList<string>> rule, FieldErrors errors)
    {
        if (names.Count > MaxHints)
        {
            errors.TooMany(path, names.Count, MaxHints);
            return;
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (names.Take(i).Contains(names[i], StringComparer.Ordinal))
            {
                errors.Duplicate($"{path}[{i}].name", names[i]);
            }

            errors.InvalidEach($"{path}[{i}].name", names[i], rule(names[i]));
        }
    }

    private static void ValidatePorts(EquatableArray<EndpointPort> ports, FieldErrors errors)
    {
        if (ports.Count > MaxPorts)
        {
            errors.TooMany("ports", ports.Count, MaxPorts);
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports.Count; i++)
        {
            var (path, port) = ($"ports[{i}]", ports[i]);
            var name = port.Name ?? "";
            if (name.Length > 0)
            {
                errors.InvalidEach($"{path}.name", name, NameRules.Dns1123Label(name));
            }

            if (!names.Add(name))
            {
                errors.Duplicate($"{path}.name", name);
            }

            PortRules.ValidateProtocol($"{path}.protocol", port.Protocol ?? "", errors);

            // The API server takes any number here, and then no proxy can use it. 0 and none mean "all ports".
            if (port.Port is < 0 or > 65535)
            {
                errors.Invalid($"{path}.port", port.Port.Value, NameRules.PortRange);
            }

            PortRules.ValidateAppProtocol($"{path}.appProtocol", port.AppProtocol, errors);
        }
    }
}
