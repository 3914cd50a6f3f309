namespace L4Lb.Engine.Interop;

/// <summary>What the process may open.</summary>
internal static unsafe class Descriptors
{
    /// <summary>The soft limit of RLIMIT_NOFILE. The runtime raises it to the hard limit when it starts.</summary>
    internal static int Limit()
    {
        var limits = stackalloc ulong[2];
        return Libc.GetResourceLimit(SocketConstants.RLIMIT_NOFILE, limits) == 0
            ? (int)Math.Min(limits[0], 1 << 30)
            : 1024;
    }
}
