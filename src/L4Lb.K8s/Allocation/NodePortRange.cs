namespace L4Lb.K8s.Allocation;

/// <summary>The NodePorts from <paramref name="first"/> to <paramref name="last"/>, of every protocol together.</summary>
internal sealed class NodePortRange(int first, int last)
{
    // KEP-3668: min(max(16, size/32), 128), and no bands when no port would be left above them.
    private const int LeastBand = 16;
    private const int MostBand = 128;
    private const int SizePerBand = 32;

    private readonly BandedRange _numbers = new((ulong)(last - first + 1), BandOf(last - first + 1));

    /// <summary>Takes <paramref name="port"/>.</summary>
    /// <returns>Why it cannot be had, or null.</returns>
    public string? Take(int port)
    {
        if (port < first || port > last)
        {
            return $"provided port is not in the valid range. The range of valid ports is {first}-{last} (--node-port-range)";
        }

        return _numbers.TryTake((ulong)(port - first)) ? null : "provided port is already allocated";
    }

    /// <summary>Takes a free port; null when there is none.</summary>
    public int? TakeAny(Random random) => _numbers.TakeAny(random) is { } number ? first + (int)number : null;

    private static ulong BandOf(int size) => size <= LeastBand ? 0 : (ulong)Math.Clamp(size / SizePerBand, LeastBand, MostBand);
}
