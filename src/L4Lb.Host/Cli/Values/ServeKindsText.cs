using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Cli.Values;

/// <summary>Kinds of address: <c>ClusterIP,NodePort</c>.</summary>
internal static class ServeKindsText
{
    private static readonly string[] s_names =
        [nameof(ServeKinds.ClusterIP), nameof(ServeKinds.NodePort), nameof(ServeKinds.LoadBalancer), nameof(ServeKinds.ExternalIPs)];

    /// <summary>Reads kinds separated by commas.</summary>
    public static ServeKinds Read(string text) =>
        text.Split(',').Aggregate(ServeKinds.None, static (kinds, name) => kinds | ReadOne(name));

    private static ServeKinds ReadOne(string name) => s_names.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? Enum.Parse<ServeKinds>(name, ignoreCase: true)
        : throw new FormatException($"\"{name}\" is not one of {string.Join(", ", s_names)}");
}
