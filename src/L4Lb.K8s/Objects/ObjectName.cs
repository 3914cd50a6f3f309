namespace L4Lb.K8s.Objects;

/// <summary>What an object of one kind is known by.</summary>
/// <param name="Namespace">Its namespace; empty for kinds that have none.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ObjectName(string Namespace, string Name) : IComparable<ObjectName>
{
    /// <summary>By namespace, then by name; ordinal.</summary>
    public int CompareTo(ObjectName other)
    {
        var order = string.CompareOrdinal(Namespace, other.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(ObjectName left, ObjectName right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after the other.</summary>
    public static bool operator >(ObjectName left, ObjectName right) => left.CompareTo(right) > 0;

    /// <summary>Whether one comes before or is the other.</summary>
    public static bool operator <=(ObjectName left, ObjectName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one comes after or is the other.</summary>
    public static bool operator >=(ObjectName left, ObjectName right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
