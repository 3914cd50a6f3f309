using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Defaults;

/// <summary>Fills in the defaults of an object of any kind. Pure.</summary>
public static class ObjectDefaults
{
    /// <summary>Every namespace has this label, so that a namespace selector can name one.</summary>
    public const string NamespaceNameLabel = "kubernetes.io/metadata.name";

    /// <summary><paramref name="value"/> as the API server would store it.</summary>
    public static KubeObject Apply(KubeObject value) => value switch
    {
        Service service => ServiceDefaults.Apply(service),
        EndpointSlice slice => EndpointDefaults.Apply(slice),
        Endpoints endpoints => EndpointDefaults.Apply(endpoints),
        Namespace { Metadata.Name.Length: > 0 } ns => ns with
        {
            Metadata = ns.Metadata with { Labels = ns.Metadata.Labels.SetItem(NamespaceNameLabel, ns.Metadata.Name) },
        },
        _ => value,
    };
}
