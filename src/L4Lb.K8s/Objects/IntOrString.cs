using System.Globalization;

namespace L4Lb.K8s.Objects;

/// <summary>A port by number or by name, as <c>targetPort</c> may be.</summary>
/// <param name="Number">The number; meaningful when <paramref name="Name"/> is null.</param>
/// <param name="Name">The name, or null.</param>
public readonly record struct IntOrString(int Number, string? Name)
{
    /// <summary>Whether it is a name.</summary>
    public bool IsName => Name is not null;

    /// <inheritdoc/>
    public override string ToString() => Name ?? Number.ToString(CultureInfo.InvariantCulture);
}
