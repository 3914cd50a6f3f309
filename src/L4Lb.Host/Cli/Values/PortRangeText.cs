namespace L4Lb.Host.Cli.Values;

/// <summary>A range of ports: <c>30000-32767</c>.</summary>
internal static class PortRangeText
{
    /// <summary>Reads first and last port.</summary>
    public static (int First, int Last) Read(string text) =>
        text.Split('-') is [var a, var b] && ushort.TryParse(a, out var first) && ushort.TryParse(b, out var last)
            && first > 0 && first <= last
            ? (first, last)
            : throw new FormatException("must be FIRST-LAST with ports 1…65535, such as 30000-32767");
}
