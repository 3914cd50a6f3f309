using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Defaults;

/// <summary>Fills in what the API server would fill in for the ports of EndpointSlices and Endpoints. Pure.</summary>
public static class EndpointDefaults
{
    /// <summary><paramref name="slice"/> with its defaults: a port without a name is called "", one without a protocol is TCP.</summary>
    public static EndpointSlice Apply(EndpointSlice slice) =>
        slice with { Ports = slice.Ports.Select(Apply).ToEquatableArray() };

    /// <summary><paramref name="endpoints"/> with its defaults.</summary>
    public static Endpoints Apply(Endpoints endpoints) => endpoints with
    {
        Subsets = endpoints.Subsets
            .Select(s => s with { Ports = s.Ports.Select(Apply).ToEquatableArray() })
            .ToEquatableArray(),
    };

    private static EndpointPort Apply(EndpointPort port) => port with
    {
        Name = port.Name ?? "",
        Protocol = port.Protocol is null or "" ? "TCP" : port.Protocol,
    };
}
