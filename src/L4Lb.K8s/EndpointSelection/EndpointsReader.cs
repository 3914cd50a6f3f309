using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>Reads endpoints from an Endpoints object: in each subset, every address has every port.</summary>
internal static class EndpointsReader
{
    /// <summary>Adds what <paramref name="endpoints"/> has for each port to <paramref name="found"/>.</summary>
    public static void Read(Service service, Endpoints endpoints, EndpointSet[] found, ICollection<Diagnostic> diagnostics)
    {
        var foreign = 0;
        foreach (var subset in endpoints.Subsets)
        {
            foreign += Read(service, subset, subset.Addresses, ready: true, found);
            foreign += Read(service, subset, subset.NotReadyAddresses, ready: false, found);
        }

        if (foreign > 0)
        {
            diagnostics.Warn(
                endpoints, "subsets",
                $"{foreign} address{(foreign > 1 ? "es are" : " is")} not used: {EndpointResolver.DescribeFamilies(service)}");
        }
    }

    private static int Read(
        Service service, EndpointSubset subset, EquatableArray<EndpointAddress> addresses, bool ready, EndpointSet[] found)
    {
        var foreign = 0;
        foreach (var entry in addresses)
        {
            if (!AddressText.TryParse(entry.IP, out var address) || !service.IPFamilies.Contains(AddressText.FamilyOf(address)))
            {
                foreign++;
                continue;
            }

            for (var i = 0; i < found.Length; i++)
            {
                foreach (var port in subset.Ports)
                {
                    if (port.Port is > 0 and <= IPEndPoint.MaxPort && port.IsFor(service.Ports[i]))
                    {
                        found[i].Add(new ServiceEndpoint
                        {
                            Address = new IPEndPoint(address, port.Port.Value),
                            Ready = ready,
                            Serving = ready,
                            NodeName = entry.NodeName,
                        });
                    }
                }
            }
        }

        return foreign;
    }
}
