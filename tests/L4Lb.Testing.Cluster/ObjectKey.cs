namespace L4Lb.Testing.Cluster;

/// <summary>What names one object; sorted as the server lists: by namespace, then by name.</summary>
internal readonly record struct ObjectKey(Kind Kind, string Namespace, string Name) : IComparable<ObjectKey>
{
    public int CompareTo(ObjectKey other) =>
        string.CompareOrdinal(Kind.QualifiedResource, other.Kind.QualifiedResource) is not 0 and var byKind ? byKind
        : string.CompareOrdinal(Namespace, other.Namespace) is not 0 and var byNamespace ? byNamespace
        : string.CompareOrdinal(Name, other.Name);
}
