using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// A socket's first bytes for those who have to look at them before they are relayed. It reads no more than fits beside
/// what is not consumed, resumes its reader inline on the shard's thread, and leaves the socket to whoever comes
/// after it. Shard thread only.
/// </summary>
/// <param name="socket">Where from; not watched before the first read that finds nothing.</param>
/// <param name="mostBytes">Most bytes that may have to be there at once before any can be consumed.</param>
internal sealed class SocketPipeReader(PolledSocket socket, int mostBytes) : PipeReader
{
    /// <summary>
    /// What a client that sends nothing costs: the headers that there are in practice fit (536 is the longest that the
    /// specification wants), and the longer ones pay for themselves.
    /// </summary>
    private const int FirstBytes = 512;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _examined;
    private bool _ended;
    private ReadOnlySequence<byte> _given;

    /// <summary>Why reading came to its end; none when the peer has finished in order.</summary>
    internal Errno Error { get; private set; }

    /// <summary>
    /// Completes when there are bytes that were not examined, when the peer has finished or failed (completed), or when the
    /// socket was aborted (canceled).
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (!HasSomethingToSay)
        {
            if (socket.IsReadable)
            {
                Receive();
            }
            else if (socket.Watch() is var error and not Errno.None)
            {
                (_ended, Error) = (true, error);
            }
            else
            {
                await socket.Readable();
            }
        }

        return Give();
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        var says = HasSomethingToSay;
        result = says ? Give() : default;
        return says;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _examined = _start + (int)_given.Slice(0, examined).Length;
        _start += (int)_given.Slice(0, consumed).Length;
        _given = default;
        if (_start == _end)
        {
            // Whoever waits for something else now, such as a connect, holds no buffer.
            Release();
        }
    }

    /// <summary>Ends this read and every later one; there is no way to go on reading.</summary>
    public override void CancelPendingRead() => socket.Abort();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => Release();

    private bool HasSomethingToSay => _end > _examined || _ended || socket.IsAborted;

    private ReadResult Give()
    {
        _given = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(_given, socket.IsAborted, _ended);
    }

    private unsafe void Receive()
    {
        MakeRoom();
        fixed (byte* free = &_buffer[_end])
        {
            var received = socket.Receive(free, _buffer.Length - _end);
            if (received.Value > 0)
            {
                _end += received.Value;
            }
            else if (!received.WouldBlock)
            {
                _ended = true;
                Error = received.Error;
            }
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        var held = _end - _start;
        Debug.Assert(held < mostBytes, "whoever reads must consume or give up before that");
        var larger = ArrayPool<byte>.Shared.Rent(held < FirstBytes ? FirstBytes : mostBytes);
        _buffer.AsSpan(_start, held).CopyTo(larger);
        var examined = _examined - _start;
        Release();
        (_buffer, _end, _examined) = (larger, held, examined);
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _start, _end, _examined) = ([], 0, 0, 0);
    }
}
