using System.Collections.Immutable;

namespace L4Lb.K8s.Objects;

/// <summary>The part of <c>metadata</c> that matters to a load balancer.</summary>
public sealed record ObjectMeta
{
    /// <summary>Name, unique per kind and namespace.</summary>
    public string Name { get; init; } = "";

    /// <summary>Namespace; <c>default</c> when the manifest names none, empty for cluster-scoped kinds.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = s_none;

    /// <summary>Annotations.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = s_none;

    /// <summary>When deletion was asked for; terminating objects have it.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary><c>namespace/name</c>.</summary>
    public string Key => $"{Namespace}/{Name}";

    private static readonly ImmutableSortedDictionary<string, string> s_none =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
