using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Allocation;

/// <summary>A Service on its way to its addresses and ports: what it asks for, and what it was given so far.</summary>
internal sealed class AllocationDraft(Service service, ServiceAllocation remembered)
{
    private const string InternalError = "Internal error occurred: ";

    private readonly EquatableArray<string> _requestedIPs = IPFamilies.RequestedIPs(service);
    private readonly string?[] _clusterIPs = new string?[HasClusterIPs(service) ? service.IPFamilies.Count : 0];
    private readonly int[] _nodePorts = new int[HasNodePorts(service) ? service.Ports.Count : 0];
    private readonly bool _needsHealthCheck = service.Type == "LoadBalancer" && service.ExternalTrafficPolicy == "Local";
    private int _healthCheckNodePort;

    /// <summary>What could not be had.</summary>
    public List<Diagnostic> Problems { get; } = [];

    /// <summary>Takes what the Service asks for.</summary>
    public void TakeRequested(IReadOnlyDictionary<string, ClusterIPRange> ranges, NodePortRange ports, IPAddress? reserved)
    {
        for (var i = 0; i < Math.Min(_clusterIPs.Length, _requestedIPs.Count); i++)
        {
            TakeRequestedIP(i, ranges[service.IPFamilies[i]], reserved);
        }

        for (var i = 0; i < _nodePorts.Length; i++)
        {
            var wanted = service.Ports[i].NodePort;
            if (wanted == 0 || Problems.Count > 0)
            {
                continue;
            }

            // One number may serve several protocols of one Service.
            var problem = Array.IndexOf(_nodePorts, wanted) >= 0 ? null : ports.Take(wanted);
            if (problem is null)
            {
                _nodePorts[i] = wanted;
            }
            else
            {
                Problems.Refuse(service, $"spec.ports[{i}].nodePort", $"Invalid value: {wanted}: {problem}");
            }
        }

        ShareNodePorts();
        if (_needsHealthCheck && service.HealthCheckNodePort is > 0 and var port)
        {
            if (ports.Take(port) is { } problem)
            {
                Problems.Refuse(
                    service, "spec.healthCheckNodePort",
                    $"{InternalError}failed to allocate requested HealthCheck NodePort {port}: {problem}");
            }

            _healthCheckNodePort = port;
        }
    }

    /// <summary>Takes what the Service had before, as far as it still needs it and it is still to be had.</summary>
    public void TakeRemembered(IReadOnlyDictionary<string, ClusterIPRange> ranges, NodePortRange ports)
    {
        for (var i = 0; i < _clusterIPs.Length; i++)
        {
            var family = service.IPFamilies[i];
            var before = remembered.ClusterIPs.FirstOrDefault(ip => ip.Contains(':') == (family == "IPv6"));
            if (_clusterIPs[i] is null && IPAddress.TryParse(before, out var address) && ranges[family].Take(address) is null)
            {
                _clusterIPs[i] = before;
            }
        }

        for (var i = 0; i < _nodePorts.Length; i++)
        {
            var before = remembered.NodePortOf(service.Ports[i].Name);
            if (_nodePorts[i] == 0 && before != 0 && Allocates && ports.Take(before) is null)
            {
                _nodePorts[i] = before;
                ShareNodePorts();
            }
        }

        if (_needsHealthCheck && _healthCheckNodePort == 0 && remembered.HealthCheckNodePort is > 0 and var port
            && ports.Take(port) is null)
        {
            _healthCheckNodePort = port;
        }
    }

    /// <summary>Takes whatever is free for the rest.</summary>
    public void TakeAny(IReadOnlyDictionary<string, ClusterIPRange> ranges, NodePortRange ports, Random random)
    {
        for (var i = 0; i < _clusterIPs.Length; i++)
        {
            _clusterIPs[i] ??= ranges[service.IPFamilies[i]].TakeAny(random)?.ToString();
            if (_clusterIPs[i] is null)
            {
                Problems.Refuse(service, "spec.clusterIPs", $"{InternalError}failed to allocate a serviceIP: range is full");
            }
        }

        for (var i = 0; i < _nodePorts.Length && Allocates; i++)
        {
            if (_nodePorts[i] != 0)
            {
                continue;
            }

            if (ports.TakeAny(random) is not { } port)
            {
                Problems.Refuse(
                    service, $"spec.ports[{i}].nodePort", $"{InternalError}failed to allocate a nodePort: range is full");
                break;
            }

            _nodePorts[i] = port;
            ShareNodePorts();
        }

        if (_needsHealthCheck && _healthCheckNodePort == 0)
        {
            _healthCheckNodePort = ports.TakeAny(random) ?? 0;
            if (_healthCheckNodePort == 0)
            {
                Problems.Refuse(
                    service, "spec.healthCheckNodePort",
                    $"{InternalError}failed to allocate a HealthCheck NodePort 0: range is full");
            }
        }
    }

    /// <summary>The Service with what it was given; the same instance when it had all of it.</summary>
    public Service Finish()
    {
        if (service.Type == "ExternalName" || Problems.Count > 0)
        {
            return service;
        }

        var ports = service.Ports;
        if (!service.Ports.Select(static p => p.NodePort).SequenceEqual(NodePortsOrNone()))
        {
            ports = service.Ports.Zip(NodePortsOrNone(), static (p, number) => p with { NodePort = number }).ToEquatableArray();
        }

        var clusterIPs = service.IsHeadless ? ["None"] : _clusterIPs.Select(static ip => ip!).ToEquatableArray();
        return service.ClusterIPs == clusterIPs && service.ClusterIP == clusterIPs[0] && service.Ports == ports
            && service.HealthCheckNodePort == _healthCheckNodePort
            ? service
            : service with
            {
                ClusterIP = clusterIPs[0],
                ClusterIPs = clusterIPs,
                Ports = ports,
                HealthCheckNodePort = _healthCheckNodePort,
            };
    }

    private bool Allocates => Problems.Count == 0
        && (service.Type == "NodePort" || service.AllocateLoadBalancerNodePorts is null or true);

    private static bool HasClusterIPs(Service service) => service.Type != "ExternalName" && !service.IsHeadless;

    private static bool HasNodePorts(Service service) => service.Type is "NodePort" or "LoadBalancer";

    private IEnumerable<int> NodePortsOrNone() => _nodePorts.Length > 0 ? _nodePorts : Enumerable.Repeat(0, service.Ports.Count);

    private void TakeRequestedIP(int index, ClusterIPRange range, IPAddress? reserved)
    {
        var text = _requestedIPs[index];
        if (!AddressText.TryParse(text, out var address))
        {
            Problems.Refuse(
                service, "spec.clusterIPs",
                $"Invalid value: {IPFamilies.Quote(_requestedIPs)}: must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            return;
        }

        // The cluster's own Service may have the address that is kept for it.
        if (!address.Equals(reserved) && range.Take(address) is { } problem)
        {
            Problems.Refuse(
                service, "spec.clusterIPs",
                $"Invalid value: {IPFamilies.Quote(_requestedIPs)}: failed to allocate IP {text}: {problem}");
        }

        _clusterIPs[index] = address.ToString();
    }

    /// <summary>Ports with the same number under several protocols get the same NodePort, as DNS servers need it.</summary>
    private void ShareNodePorts()
    {
        for (var i = 0; i < _nodePorts.Length; i++)
        {
            for (var j = 0; j < _nodePorts.Length && _nodePorts[i] == 0 && Allocates; j++)
            {
                if (_nodePorts[j] != 0 && service.Ports[j].Port == service.Ports[i].Port)
                {
                    _nodePorts[i] = _nodePorts[j];
                }
            }
        }
    }
}
