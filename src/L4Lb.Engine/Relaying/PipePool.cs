using System.Diagnostics;
using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Relaying;

/// <summary>
/// Pipes for splicing, kept per shard because making one costs more than a small transfer saves. Shard thread only.
/// </summary>
/// <remarks>A direction holds a pipe only while bytes are in it or coming; there are never more than <c>most</c>.</remarks>
internal sealed unsafe class PipePool(int most) : IDisposable
{
    // A pipe's slots hold page fragments: sendfile at the other end makes them 4 KiB each, so this is what one splice
    // moves then. Against 64 and 256 KiB it took the least CPU per byte (docs/benchmarks.md).
    private const int PipeBytes = 1024 * 1024;

    private readonly Stack<SplicePipe> _kept = new();
    private int _made;

    /// <summary>Pipes rented now.</summary>
    internal int Rented { get; private set; }

    /// <summary>An empty pipe, or null when there are enough or the kernel gives none: then the caller copies.</summary>
    internal SplicePipe? Rent()
    {
        if (!_kept.TryPop(out var pipe))
        {
            pipe = _made < most ? Make() : null;
        }

        if (pipe is not null)
        {
            Rented++;
        }

        return pipe;
    }

    /// <summary>Takes a pipe back. One that still holds bytes is closed: they belong to a dead session.</summary>
    internal void Return(SplicePipe pipe, bool empty)
    {
        Rented--;
        Debug.Assert(Rented >= 0, "A pipe was returned twice.");
        if (empty)
        {
            _kept.Push(pipe);
        }
        else
        {
            pipe.Close();
            _made--;
        }
    }

    public void Dispose()
    {
        while (_kept.TryPop(out var pipe))
        {
            pipe.Close();
            _made--;
        }
    }

    private SplicePipe? Make()
    {
        var ends = stackalloc int[2];
        if (Libc.Pipe(ends, SocketConstants.O_NONBLOCK | SocketConstants.O_CLOEXEC) < 0)
        {
            return null;
        }

        // Refused beyond /proc/sys/fs/pipe-user-pages-soft for unprivileged users; the default size works too.
        _ = Libc.Fcntl(ends[1], SocketConstants.F_SETPIPE_SZ, PipeBytes);
        _made++;
        return new SplicePipe(ends[0], ends[1]);
    }
}

/// <summary>The two ends of a pipe.</summary>
internal sealed class SplicePipe(int readEnd, int writeEnd)
{
    internal int ReadEnd { get; } = readEnd;

    internal int WriteEnd { get; } = writeEnd;

    internal void Close()
    {
        _ = Libc.Close(ReadEnd);
        _ = Libc.Close(WriteEnd);
    }
}
