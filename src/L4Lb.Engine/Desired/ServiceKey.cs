namespace L4Lb.Engine.Desired;

/// <summary>Identity of one service port: <c>namespace/name:port</c>, as kube-proxy names it.</summary>
/// <param name="Namespace">Namespace of the Service.</param>
/// <param name="Name">Name of the Service.</param>
/// <param name="Port">Port name, or <c>80/tcp</c>-like when the port has none.</param>
public readonly record struct ServiceKey(string Namespace, string Name, string Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}:{Port}";
}
