namespace L4Lb.Host.Admin;

/// <summary>How operators name a Service: <c>name</c>, in namespace <c>default</c>, or <c>namespace/name</c>.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
internal readonly record struct ServiceName(string Namespace, string Name)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ServiceName Read(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } name] => new ServiceName("default", name),
        [{ Length: > 0 } ns, { Length: > 0 } name] => new ServiceName(ns, name),
        _ => throw new FormatException("must be NAME or NAMESPACE/NAME"),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
