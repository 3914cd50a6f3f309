using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Standalone;

namespace L4Lb.K8s.Translation;

/// <summary>Says where a Service is to be listened for: every address that clients know it by, port by port.</summary>
internal sealed class ListenPlanner
{
    private static readonly IPEndPoint s_any = new(IPAddress.Any, 0);
    private readonly EquatableArray<IPNetwork> _denied;
    private readonly List<ListenSpec> _addresses = [];
    private readonly List<ListenSpec> _nodeAddresses = [];

    /// <summary>Collects the addresses of <paramref name="service"/>, which has been allocated.</summary>
    public ListenPlanner(
        Service service, EquatableArray<IPNetwork> denied, ServeKinds serve, ICollection<Diagnostic> diagnostics)
    {
        _denied = denied;
        var ranges = SourceRanges.Read(service, diagnostics);
        var inside = ScopeOf(service.InternalTrafficPolicy);
        var outside = ScopeOf(service.ExternalTrafficPolicy);
        if (serve.HasFlag(ServeKinds.ClusterIP))
        {
            var listen = new ListenSpec { Address = s_any, Kind = ListenKind.ClusterIP, Scope = inside };
            Collect(service, "spec.clusterIPs", service.ClusterIPs, listen, [], diagnostics);
        }

        if (serve.HasFlag(ServeKinds.LoadBalancer) && service.Type == "LoadBalancer")
        {
            var addresses = service.Ingress.Select(static i => i.IP).Where(static ip => ip.Length > 0);
            var listen = new ListenSpec { Address = s_any, Kind = ListenKind.LoadBalancer, Scope = outside };
            Collect(service, "status.loadBalancer.ingress", addresses, listen, ranges, diagnostics);
        }

        if (serve.HasFlag(ServeKinds.ExternalIPs))
        {
            var listen = new ListenSpec { Address = s_any, Kind = ListenKind.ExternalIP, Scope = outside };
            Collect(service, "spec.externalIPs", service.ExternalIPs, listen, ranges, diagnostics);
        }

        if (serve.HasFlag(ServeKinds.NodePort))
        {
            foreach (var family in service.IPFamilies)
            {
                var any = family == "IPv4" ? IPAddress.Any : IPAddress.IPv6Any;
                _nodeAddresses.Add(new()
                {
                    Address = new(any, 0),
                    Kind = ListenKind.NodePort,
                    Scope = outside,
                    SourceRanges = SourceRanges.Of(ranges, any.AddressFamily),
                    DeniedRanges = DeniedOf(any.AddressFamily),
                });
            }
        }

        WarnOfClosedFamilies(service, ranges, diagnostics);
    }

    /// <summary>The listens of one port.</summary>
    public EquatableArray<ListenSpec> Of(ServicePort port)
    {
        var listens = new List<ListenSpec>(_addresses.Count + _nodeAddresses.Count);
        listens.AddRange(_addresses.Select(a => At(a, port.Port)));
        if (port.NodePort != 0)
        {
            listens.AddRange(_nodeAddresses.Select(a => At(a, port.NodePort)));
        }

        return listens.ToEquatableArray();
    }

    /// <summary>The policies that some way in has, be it served here or not: those whose endpoints matter.</summary>
    public static BackendScope ScopesUsed(Service service)
    {
        var external = service.ExternalIPs.Count > 0 || service.Ingress.Count > 0
            || service.Ports.Any(static p => p.NodePort != 0);
        var inside = ScopeOf(service.InternalTrafficPolicy);
        return external ? inside | ScopeOf(service.ExternalTrafficPolicy) | BackendScope.Cluster : inside;
    }

    private static ListenSpec At(ListenSpec listen, int port) => listen with { Address = new(listen.Address.Address, port) };

    private EquatableArray<IPNetwork> DeniedOf(AddressFamily family) =>
        _denied.Where(r => r.BaseAddress.AddressFamily == family).ToEquatableArray();

    private static BackendScope ScopeOf(string? policy) => policy == "Local" ? BackendScope.Local : BackendScope.Cluster;

    private void Collect(
        Service service, string path, IEnumerable<string> texts, ListenSpec listen, EquatableArray<IPNetwork> ranges,
        ICollection<Diagnostic> diagnostics)
    {
        foreach (var text in texts)
        {
            if (!AddressText.TryParse(text, out var address))
            {
                diagnostics.Warn(service, path, $"\"{text}\" is not an IP address; it is not listened on");
            }
            else if (!service.IPFamilies.Contains(AddressText.FamilyOf(address)))
            {
                diagnostics.Warn(
                    service, path,
                    $"{address} is not listened on: spec.ipFamilies is {string.Join(", ", service.IPFamilies)}");
            }
            else if (!_addresses.Exists(a => a.Address.Address.Equals(address)))
            {
                _addresses.Add(listen with
                {
                    Address = new(address, 0),
                    SourceRanges = SourceRanges.Of(ranges, address.AddressFamily),
                    DeniedRanges = DeniedOf(address.AddressFamily),
                });
            }
        }
    }

    private static void WarnOfClosedFamilies(Service service, EquatableArray<IPNetwork> ranges, ICollection<Diagnostic> diagnostics)
    {
        foreach (var family in service.IPFamilies)
        {
            var wanted = family == "IPv4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            if (ranges.Count > 0 && !ranges.Any(r => r.BaseAddress.AddressFamily == wanted))
            {
                diagnostics.Warn(
                    service, "spec.loadBalancerSourceRanges",
                    $"no range is {family}: no {family} client is let in from outside");
            }
        }
    }
}
