using System.Globalization;

namespace L4Lb.K8s.Informers;

/// <summary>Which of two versions of one kind came first.</summary>
internal static class ResourceVersions
{
    /// <summary>
    /// Whether one is certainly older. Servers promise since 1.35 that versions of a kind are growing decimal numbers (KEP-5504),
    /// and have kept it before; whatever else they may be is never older.
    /// </summary>
    public static bool IsOlder(string version, string than) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
        && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
        && left < right;
}
