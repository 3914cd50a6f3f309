using System.Diagnostics;

using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Relaying;

/// <summary>
/// The memory of one shard's relays. One buffer serves every read, since bytes normally leave in the same breath; a
/// direction rents one of its own only while its target is full, so an idle session holds none. Shard thread only.
/// </summary>
/// <remarks>
/// Bound: each direction rents at most one, and reads nothing more until it is empty, so rented ≤ 2 × sessions. Kept
/// for reuse: <see cref="KeptMost"/>; a burst of slow readers must not hold memory for ever.
/// </remarks>
internal sealed class BufferPool(int bufferBytes) : IDisposable
{
    private const int KeptMost = 64;

    private readonly Stack<NativeBuffer> _kept = new(KeptMost);

    /// <summary>The buffer that every read uses; its content is void after the turn.</summary>
    internal NativeBuffer Shared { get; } = new(bufferBytes);

    /// <summary>Buffers rented now; zero when no direction waits for room.</summary>
    internal int Rented { get; private set; }

    internal NativeBuffer Rent()
    {
        Rented++;
        return _kept.TryPop(out var buffer) ? buffer : new NativeBuffer(bufferBytes);
    }

    internal void Return(NativeBuffer buffer)
    {
        Rented--;
        Debug.Assert(Rented >= 0, "A buffer was returned twice.");
        if (_kept.Count < KeptMost)
        {
            _kept.Push(buffer);
        }
        else
        {
            buffer.Dispose();
        }
    }

    public void Dispose()
    {
        Shared.Dispose();
        while (_kept.TryPop(out var buffer))
        {
            buffer.Dispose();
        }
    }
}
