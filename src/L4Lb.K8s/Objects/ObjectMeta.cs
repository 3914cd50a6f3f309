using System.Collections.Immutable;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Objects;

/// <summary>The part of <c>metadata</c> that matters to a load balancer. Compares by value, maps included.</summary>
public sealed record ObjectMeta
{
    /// <summary>Name, unique per kind and namespace.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the API server would make a name of; this appliance makes none.</summary>
    public string GenerateName { get; init; } = "";

    /// <summary>Namespace; <c>default</c> when the manifest names none, empty for cluster-scoped kinds.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = s_none;

    /// <summary>Annotations.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = s_none;

    /// <summary>Who must agree before the object is deleted.</summary>
    public EquatableArray<string> Finalizers { get; init; } = [];

    /// <summary>When deletion was asked for; terminating objects have it.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>When the API server created it; null for what was read from a file. Not part of the value: the identity is.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Given by the API server; empty for what was read from a file. A name that is used again is another object.</summary>
    public string Uid { get; init; } = "";

    /// <summary>
    /// The version that the API server gave this state of the object; empty for what was read from a file. Opaque: compare it
    /// for equality only. Not part of the value, since what it counts is mostly of no interest here.
    /// </summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>
    /// How often what is wanted of the object has changed; 0 for kinds that do not count it. Not part of the value: what
    /// changed is.
    /// </summary>
    public long Generation { get; init; }

    /// <summary>Namespace and name.</summary>
    public ObjectName ObjectName => new(Namespace, Name);

    /// <summary><c>namespace/name</c>.</summary>
    public string Key => $"{Namespace}/{Name}";

    private static readonly ImmutableSortedDictionary<string, string> s_none =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether every field that is part of the value, and every entry of the maps, is the same.</summary>
    public bool Equals(ObjectMeta? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Name == other.Name
            && Namespace == other.Namespace
            && GenerateName == other.GenerateName
            && Uid == other.Uid
            && DeletionTimestamp == other.DeletionTimestamp
            && Finalizers == other.Finalizers
            && SameEntries(Labels, other.Labels)
            && SameEntries(Annotations, other.Annotations));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Namespace, Labels.Count, Annotations.Count);

    // Both are sorted by the same comparer, so equal maps enumerate alike.
    private static bool SameEntries(
        ImmutableSortedDictionary<string, string> left, ImmutableSortedDictionary<string, string> right) =>
        ReferenceEquals(left, right) || (left.Count == right.Count && left.SequenceEqual(right));
}
