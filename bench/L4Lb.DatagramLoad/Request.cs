using System.Runtime.InteropServices;

namespace L4Lb.DatagramLoad;

/// <summary>What a request begins with, and its answer repeats; the rest is filling.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Request
{
    internal const int Bytes = 16;

    /// <summary>Tells the answers of this run from those of earlier ones.</summary>
    public ulong Run;

    /// <summary>When it was handed to the kernel, in nanoseconds.</summary>
    public long SentAt;
}
