using System.Net;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.EndpointSelection;

/// <summary>Reads endpoints from an EndpointSlice.</summary>
internal static class SliceReader
{
    private const string Fqdn = "FQDN";

    /// <summary>Adds what <paramref name="slice"/> has for each port to <paramref name="found"/>.</summary>
    public static void Read(
        Service service, EndpointSlice slice, EndpointContext context, EndpointSet[] found, ICollection<Diagnostic> diagnostics)
    {
        var weights = Weights(slice, diagnostics);
        if (slice.AddressType != Fqdn && !service.IPFamilies.Contains(slice.AddressType))
        {
            diagnostics.Warn(
                slice, "addressType",
                $"the {slice.AddressType} endpoints are not used: {EndpointResolver.DescribeFamilies(service)}");
            return;
        }

        for (var e = 0; e < slice.Endpoints.Count; e++)
        {
            var endpoint = slice.Endpoints[e];
            foreach (var address in Addresses(service, slice, e, context, diagnostics))
            {
                for (var i = 0; i < found.Length; i++)
                {
                    AddPorts(service.Ports[i], slice, endpoint, address, weights, found[i]);
                }
            }
        }
    }

    private static void AddPorts(
        ServicePort port, EndpointSlice slice, Endpoint endpoint, IPAddress address, WeightTable weights, EndpointSet found)
    {
        foreach (var candidate in slice.Ports)
        {
            // A port without a number means all of them, which cannot be proxied.
            if (candidate.Port is not (> 0 and <= IPEndPoint.MaxPort) || !candidate.IsFor(port))
            {
                continue;
            }

            var target = new IPEndPoint(address, candidate.Port.Value);
            var ready = endpoint.Ready ?? true;
            found.Add(new ServiceEndpoint
            {
                Address = target,
                Ready = ready,
                Serving = endpoint.Serving ?? ready,
                Terminating = endpoint.Terminating ?? false,
                NodeName = endpoint.NodeName,
                ForZones = endpoint.ForZones,
                ForNodes = endpoint.ForNodes,
                Weight = weights.Find(target),
            });
        }
    }

    /// <summary>The first address, as every consumer of slices reads them; of a name, all that it stands for.</summary>
    private static IPAddress[] Addresses(
        Service service, EndpointSlice slice, int index, EndpointContext context, ICollection<Diagnostic> diagnostics)
    {
        var endpoint = slice.Endpoints[index];
        if (endpoint.Addresses.Count == 0)
        {
            return [];
        }

        var text = endpoint.Addresses[0];
        var path = $"endpoints[{index}].addresses[0]";
        if (slice.AddressType != Fqdn)
        {
            if (AddressText.TryParse(text, out var address))
            {
                return [address];
            }

            diagnostics.Warn(slice, path, $"\"{text}\" is not an IP address; the endpoint is not used");
            return [];
        }

        if (!context.Names.TryGetValue(text, out var answers) || answers.Count == 0)
        {
            diagnostics.Warn(slice, path, $"\"{text}\" has no address yet; the endpoint is used once its name resolves");
            return [];
        }

        IPAddress[] usable = [.. answers.Where(a => service.IPFamilies.Contains(AddressText.FamilyOf(a)))];
        if (usable.Length == 0)
        {
            diagnostics.Warn(
                slice, path,
                $"\"{text}\" has {AddressText.FamilyOf(answers[0])} addresses only: {EndpointResolver.DescribeFamilies(service)}");
        }

        return usable;
    }

    private static WeightTable Weights(EndpointSlice slice, ICollection<Diagnostic> diagnostics)
    {
        if (slice.Metadata.Annotations.IsEmpty)
        {
            return WeightTable.Empty;
        }

        ForeignAnnotations.Warn(slice, AnnotationNames.OnEndpointSlice, diagnostics);
        if (!slice.Metadata.Annotations.TryGetValue(AnnotationNames.Weights, out var text))
        {
            return WeightTable.Empty;
        }

        if (WeightTable.Parse(text, out var weights) is { } problem)
        {
            diagnostics.Refuse(slice, AnnotationNames.PathOf(AnnotationNames.Weights), $"Invalid value: \"{text}\": {problem}");
        }

        return weights;
    }
}
