using System.Runtime.CompilerServices;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Relaying;

/// <summary>
/// One way of a relay: read, write, pass on the FIN, note who failed. It never reads before what it has is written,
/// so a slow reader stops its peer and memory stays bounded. Shard thread only.
/// </summary>
internal sealed class RelayDirection
{
    // Reads before everybody else gets a turn: some megabytes, a millisecond or less, of one shard's attention.
    private const int ReadsPerTurn = 16;

    // One splice asks for at most this much; the pipe's room is what really bounds it.
    private const int SpliceBytes = 1024 * 1024;

    // Immutable.
    private readonly Relay _relay;
    private readonly RelayResources _resources;
    private readonly PolledSocket _source;
    private readonly PolledSocket _target;
    private readonly bool _fromClient;

    // Shard thread only: what was read and not yet written, in a buffer or in a pipe.
    private NativeBuffer? _buffer;
    private int _bufferStart;
    private int _bufferEnd;
    private SplicePipe? _pipe;
    private int _pipeBytes;
    private BulkDetector _bulk;
    private int _foreignBytes;

    internal RelayDirection(Relay relay, RelayResources resources, PolledSocket source, PolledSocket target, bool fromClient)
    {
        (_relay, _resources, _source, _target, _fromClient) = (relay, resources, source, target, fromClient);
    }

    /// <summary>Bytes handed to the target.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The source has finished and everything it sent was handed over.</summary>
    internal bool IsFinished { get; private set; }

    /// <summary>It reads nothing, because the target has no room for what was read before.</summary>
    internal bool IsBlocked => !_target.IsWritable;

    /// <summary>It ended with bytes that were read and not written.</summary>
    internal bool LeftBytes { get; private set; }

    /// <summary>
    /// Hands over what goes before everything else; before <see cref="RunAsync"/>. What the target does not take now
    /// goes first then.
    /// </summary>
    /// <param name="length">How many bytes, at the beginning of the shared buffer.</param>
    /// <param name="foreign">How many of them, the first ones, are not the source's: they are not counted.</param>
    internal void Begin(int length, int foreign)
    {
        _foreignBytes = foreign;
        _ = Deliver(_resources.Buffers.Shared, length);
    }

    /// <summary>Relays until the source has finished or either socket is aborted.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask RunAsync()
    {
        var reads = 0;
        while (true)
        {
            if (!_target.IsWritable)
            {
                await _target.Writable();
            }
            else if (!HoldsBytes && !_source.IsReadable)
            {
                ReleasePipe();
                reads = 0;
                await _source.Readable();
            }
            else if (reads >= ReadsPerTurn)
            {
                reads = 0;
                await _resources.Shard.Yield();
            }

            if (_source.IsAborted || _target.IsAborted)
            {
                break;
            }

            reads++;
            if (HoldsBytes ? !Flush() : !Transfer())
            {
                break;
            }
        }

        LeftBytes = HoldsBytes;
        ReleaseBuffer();
        ReleasePipe();
    }

    private bool HoldsBytes => _buffer is not null || _pipeBytes > 0;

    /// <summary>Reads once and writes what came. False when this direction is over.</summary>
    private unsafe bool Transfer()
    {
        if (_bulk.IsBulk && _resources.CanSplice && !_source.HasUrgent && (_pipe ??= _resources.Pipes.Rent()) is { } pipe)
        {
            return Splice(pipe);
        }

        var shared = _resources.Buffers.Shared;
        var received = _source.Receive(shared.Pointer, shared.Length);
        if (received.Value <= 0)
        {
            return EndOfSource(received);
        }

        _bulk.Observe(received.Value);
        _relay.Touch();
        _relay.Observer?.Received(received.Value, _fromClient);
        return Deliver(shared, received.Value);
    }

    /// <summary>Writes the first bytes of <paramref name="shared"/> and keeps what finds no room. False when the target failed.</summary>
    private unsafe bool Deliver(NativeBuffer shared, int length)
    {
        var sent = _target.Send(shared.Pointer, length);
        if (!Account(sent))
        {
            return false;
        }

        var written = Math.Max(sent.Value, 0);
        if (written < length)
        {
            Keep(shared, written, length);
        }

        return true;
    }

    private bool Splice(SplicePipe pipe)
    {
        var received = _source.SpliceTo(pipe.WriteEnd, SpliceBytes);
        if (received.Value <= 0)
        {
            if (received.Error is Interop.Errno.EINVAL or Interop.Errno.ENOSYS or Interop.Errno.EBADF)
            {
                // This kernel or this socket cannot splice: copying always works.
                _resources.CanSplice = false;
                ReleasePipe();
                return true;
            }

            return EndOfSource(received);
        }

        _bulk.Observe(received.Value);
        _relay.Touch();
        _relay.Observer?.Received(received.Value, _fromClient);
        _pipeBytes = received.Value;
        return Flush();
    }

    /// <summary>Writes what an earlier read left behind.</summary>
    private unsafe bool Flush()
    {
        if (_pipeBytes > 0)
        {
            var moved = _target.SpliceFrom(_pipe!.ReadEnd, _pipeBytes);
            _pipeBytes -= Math.Max(moved.Value, 0);
            return Account(moved);
        }

        var sent = _target.Send(_buffer!.Pointer + _bufferStart, _bufferEnd - _bufferStart);
        _bufferStart += Math.Max(sent.Value, 0);
        if (_bufferStart == _bufferEnd)
        {
            ReleaseBuffer();
        }

        return Account(sent);
    }

    /// <summary>Counts what was written. False when the target failed.</summary>
    private bool Account(IoResult written)
    {
        if (written.Succeeded)
        {
            var own = _foreignBytes == 0 ? written.Value : TakeOwn(written.Value);
            Bytes += own;
            _relay.Count(own, _fromClient);
            return true;
        }

        if (written.WouldBlock)
        {
            return true;
        }

        _relay.Fail(clientFailed: !_fromClient);
        return false;
    }

    /// <summary>How many of the bytes that were written next are the source's.</summary>
    private int TakeOwn(int written)
    {
        var foreign = Math.Min(_foreignBytes, written);
        _foreignBytes -= foreign;
        return written - foreign;
    }

    /// <summary>Nothing came: because the source is drained (true), has finished, or has failed (false).</summary>
    private bool EndOfSource(IoResult received)
    {
        if (received.WouldBlock)
        {
            return true;
        }

        if (received.Succeeded)
        {
            IsFinished = true;
            _relay.Finish(this, _target);
        }
        else
        {
            _relay.Fail(clientFailed: _fromClient);
        }

        return false;
    }

    private unsafe void Keep(NativeBuffer shared, int start, int end)
    {
        _buffer = _resources.Buffers.Rent();
        (_bufferStart, _bufferEnd) = (0, end - start);
        Buffer.MemoryCopy(shared.Pointer + start, _buffer.Pointer, _buffer.Length, end - start);
    }

    private void ReleaseBuffer()
    {
        if (_buffer is not null)
        {
            _resources.Buffers.Return(_buffer);
            _buffer = null;
        }
    }

    private void ReleasePipe()
    {
        if (_pipe is not null)
        {
            _resources.Pipes.Return(_pipe, empty: _pipeBytes == 0);
            (_pipe, _pipeBytes) = (null, 0);
        }
    }
}
