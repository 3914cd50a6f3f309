using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>Checks <c>spec.ports</c> of a Service.</summary>
internal static class ServicePortValidator
{
    /// <summary>Checks each port of <paramref name="service"/>.</summary>
    public static void Validate(Service service, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < service.Ports.Count; i++)
        {
            var (path, port) = ($"spec.ports[{i}]", service.Ports[i]);
            if (port.Name.Length > 0)
            {
                errors.InvalidEach($"{path}.name", port.Name, NameRules.Dns1123Label(port.Name));
                if (!names.Add(port.Name))
                {
                    errors.Duplicate($"{path}.name", port.Name);
                }
            }
            else if (service.Ports.Count > 1)
            {
                errors.Required($"{path}.name");
            }

            if (port.Port is < 1 or > 65535)
            {
                errors.Invalid($"{path}.port", port.Port, NameRules.PortRange);
            }

            PortRules.ValidateProtocol($"{path}.protocol", port.Protocol, errors);
            ValidateTarget($"{path}.targetPort", port.TargetPort, errors);
            PortRules.ValidateAppProtocol($"{path}.appProtocol", port.AppProtocol, errors);
        }
    }

    /// <summary>Checks that no two ports of <paramref name="service"/> are the same, and that NodePorts fit its type.</summary>
    public static void ValidateUniqueness(Service service, FieldErrors errors)
    {
        if (service.Type == "ClusterIP")
        {
            for (var i = 0; i < service.Ports.Count; i++)
            {
                if (service.Ports[i].NodePort != 0)
                {
                    errors.Forbidden($"spec.ports[{i}].nodePort", "may not be used when `type` is 'ClusterIP'");
                }
            }
        }

        var nodePorts = new HashSet<(string, int)>();
        for (var i = 0; i < service.Ports.Count; i++)
        {
            var port = service.Ports[i];
            if (port.NodePort != 0 && !nodePorts.Add((port.Protocol, port.NodePort)))
            {
                errors.DuplicateJson($"spec.ports[{i}].nodePort", $"{port.NodePort}");
            }
        }

        var ports = new HashSet<(string, int)>();
        for (var i = 0; i < service.Ports.Count; i++)
        {
            var port = service.Ports[i];
            if (!ports.Add((port.Protocol, port.Port)))
            {
                errors.DuplicateJson($"spec.ports[{i}]", $$"""{"Name":"","Protocol":{{GoText.Quote(port.Protocol)}},"AppProtocol":null,"Port":{{port.Port}},"TargetPort":0,"NodePort":0}""");
            }
        }
    }

    private static void ValidateTarget(string path, IntOrString? target, FieldErrors errors)
    {
        switch (target)
        {
            case { Name: { } name }:
                errors.InvalidEach(path, name, NameRules.PortName(name));
                break;
            case { Number: var number and (< 1 or > 65535) }:
                errors.Invalid(path, number, NameRules.PortRange);
                break;
        }
    }
}
