using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>A <c>sockaddr_in</c> or <c>sockaddr_in6</c>, made once per backend so that a connect converts nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketAddress
{
    /// <summary>Size of the larger of the two, <c>sockaddr_in6</c>.</summary>
    internal const int MaxLength = 28;

    private Content _bytes;

    /// <summary><c>AF_INET</c> or <c>AF_INET6</c>.</summary>
    internal readonly int Family => MemoryMarshal.Read<ushort>(_bytes);

    /// <summary>Number of bytes that the kernel is told.</summary>
    internal readonly int Length => Family == SocketConstants.AF_INET ? 16 : MaxLength;

    /// <summary>The structure as it lies in memory.</summary>
    [UnscopedRef]
    internal Span<byte> Bytes => _bytes;

    [InlineArray(MaxLength)]
    private struct Content
    {
        private byte _first;
    }
}
