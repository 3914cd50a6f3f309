using System.Buffers;
using System.Runtime.CompilerServices;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.ProxyProtocol;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// Reads the PROXY protocol header with which a client must begin, before its deadline, and holds what came after it
/// until the relay begins. Shard thread only; one per session of a service that accepts headers.
/// </summary>
/// <param name="shard">The session's shard.</param>
/// <param name="client">The client's socket.</param>
/// <param name="peer">Where the connection itself comes from.</param>
internal sealed class ProxyHeaderReader(Shard shard, PolledSocket client, AddressKey peer) : WheelTimer
{
    private readonly SocketPipeReader _input = new(client, ProxyHeader.MostBytesV2);
    private bool _expired;

    /// <summary>The header, once it was read.</summary>
    internal ProxyHeader Header { get; private set; }

    /// <summary>What was wrong with it, in words; null when nothing was.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Who the client is: whom the header names, else whoever connected.</summary>
    internal AddressKey Client => Header.Addresses?.Source ?? peer;

    /// <summary>Where the connection itself comes from, when the header says that the client is somebody else; else null.</summary>
    internal AddressKey? Peer => Header.Addresses is null ? null : peer;

    /// <summary>Returns <see cref="CloseReason.None"/>, or why there is no header.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<CloseReason> ReadAsync(long deadlineMs)
    {
        // One deadline for the whole header: a byte now and then does not buy time.
        shard.Timers.Schedule(this, deadlineMs);
        while (true)
        {
            var read = await _input.ReadAsync();
            if (read.IsCanceled)
            {
                shard.Timers.Cancel(this);
                return _expired ? CloseReason.ProxyHeaderTimeout : CloseReason.ClientGone;
            }

            var result = ProxyHeaderParser.Read(read.Buffer, out var consumed, out var examined);
            _input.AdvanceTo(consumed, examined);
            if (result.Status == ProxyHeaderStatus.NeedMore && !read.IsCompleted)
            {
                continue;
            }

            shard.Timers.Cancel(this);
            (Header, Problem) = (result.Header, result.Problem);
            return result.Status switch
            {
                ProxyHeaderStatus.Done => CloseReason.None,
                ProxyHeaderStatus.Invalid => CloseReason.ProxyHeaderInvalid,
                _ when _input.Error is Errno.ENOMEM or Errno.ENOBUFS or Errno.ENOSPC => CloseReason.ResourceExhausted,
                _ => CloseReason.ClientGone,
            };
        }
    }

    /// <summary>Moves what came with the header and is the client's into <paramref name="target"/>; returns how much.</summary>
    internal int TakePayload(Span<byte> target)
    {
        if (!_input.TryRead(out var read))
        {
            return 0;
        }

        read.Buffer.CopyTo(target);
        _input.AdvanceTo(read.Buffer.End);
        return (int)read.Buffer.Length;
    }

    /// <summary>Stops reading, if it still does: somebody ended the session.</summary>
    internal void Abort()
    {
        if (IsArmed)
        {
            _input.CancelPendingRead();
        }
    }

    /// <summary>Gives back its memory; the header stays.</summary>
    internal void Close() => _input.Complete();

    protected internal override void OnDue(long nowMs)
    {
        _expired = true;
        _input.CancelPendingRead();
    }
}
