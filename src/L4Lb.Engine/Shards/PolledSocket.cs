using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Shards;

/// <summary>
/// A connected or connecting socket on a shard: makes non-blocking calls, remembers from their results whether the
/// next one would block, and resumes whoever awaits readiness, inline on the shard's thread. Shard thread only.
/// </summary>
/// <remarks>
/// Edge-triggered throughout. A short read means drained, which saves the call that would say EAGAIN — unless the peer
/// has hung up: its FIN may lie behind the bytes just read, and will cause no further event. Nor does a
/// short read mean that once the peer has sent urgent data, since every read ends before it (tcp(7)).
/// </remarks>
internal sealed unsafe class PolledSocket(Shard shard, int fd) : PollTarget(fd)
{
    private const EpollEvents ReadEvents =
        EpollEvents.In | EpollEvents.Urgent | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;

    private Action? _onReadable;
    private Action? _onWritable;
    private bool _watched;
    private bool _watchedForWrite;
    private bool _hungUp;
    private bool _broken;
    private bool _received;

    /// <summary>The next receive may find something.</summary>
    internal bool IsReadable { get; private set; } = true;

    /// <summary>The next send may find room.</summary>
    internal bool IsWritable { get; private set; } = true;

    /// <summary>The peer has sent urgent data, before which splice says that it would block.</summary>
    internal bool HasUrgent { get; private set; }

    /// <summary>Told of errors that no waiter sees.</summary>
    internal ISocketOwner? Owner { get; set; }

    /// <summary>Somebody gave up on this socket: every wait ends at once.</summary>
    internal bool IsAborted { get; private set; }

    /// <summary>Watches for a connect's outcome; it is awaited with <see cref="Writable"/>.</summary>
    internal Errno WatchConnect()
    {
        (IsReadable, IsWritable, _watched, _watchedForWrite) = (false, false, true, true);
        return shard.Poller.Add(this, ReadEvents | EpollEvents.Out);
    }

    /// <summary>The poller knows of it.</summary>
    internal bool IsWatched => _watched;

    /// <summary>
    /// The peer has gone, as far as can be told without taking anything in: it reset the connection, or finished before
    /// it sent a byte. One that sent something and then finished may still wait for the answer.
    /// </summary>
    internal bool HasPeerLeft => _broken || (_hungUp && !_received && SocketIo.Peek(Fd) is { WouldBlock: false, Value: <= 0 });

    /// <summary>
    /// Watches for bytes to read, if it does not already. Room to write is watched for only once a send finds none, because
    /// a new socket always has room and epoll would report that at once, to no purpose.
    /// </summary>
    internal Errno Watch()
    {
        if (_watched)
        {
            return Errno.None;
        }

        var error = shard.Poller.Add(this, ReadEvents);
        _watched = error == Errno.None;
        if (!_watched)
        {
            shard.Poller.Forget(this);
        }

        return error;
    }

    /// <summary>How the awaited connect ended. A socket that did not hang up is connected, which saves the call.</summary>
    internal Errno ConnectError() => _hungUp ? SocketIo.TakeError(Fd) : Errno.None;

    internal IoResult Receive(byte* buffer, int length)
    {
        var result = SocketIo.Receive(Fd, buffer, length);
        _received |= result.Value > 0;
        if (result.WouldBlock || (result.Value > 0 && result.Value < length && !_hungUp && !HasUrgent))
        {
            IsReadable = false;
        }

        return result;
    }

    internal IoResult Send(byte* buffer, int length)
    {
        var result = SocketIo.Send(Fd, buffer, length);
        if (result.WouldBlock || (result.Succeeded && result.Value < length))
        {
            AwaitRoom();
        }

        return result;
    }

    /// <summary>Moves bytes into <paramref name="pipe"/>; would-block means that the socket is drained.</summary>
    internal IoResult SpliceTo(int pipe, int length)
    {
        var result = SocketIo.Splice(Fd, pipe, length);
        if (result.WouldBlock)
        {
            IsReadable = false;
        }

        return result;
    }

    /// <summary>Moves bytes out of <paramref name="pipe"/>; a short count means that the socket is full.</summary>
    internal IoResult SpliceFrom(int pipe, int length)
    {
        var result = SocketIo.Splice(pipe, Fd, length);
        if (result.WouldBlock || (result.Succeeded && result.Value < length))
        {
            AwaitRoom();
        }

        return result;
    }

    /// <summary>Completes when the next receive may find something, or the socket is aborted.</summary>
    internal ReadinessAwaiter Readable() => new(this, write: false);

    /// <summary>Completes when the next send may find room, or the socket is aborted.</summary>
    internal ReadinessAwaiter Writable() => new(this, write: true);

    internal void OnReadable(Action? continuation) => _onReadable = continuation;

    internal void OnWritable(Action continuation) => _onWritable = continuation;

    /// <summary>Ends every wait on this socket, now and later.</summary>
    internal void Abort()
    {
        IsAborted = true;
        Resume(ref _onReadable);
        Resume(ref _onWritable);
    }

    internal override void OnEvents(EpollEvents events)
    {
        const EpollEvents HangUps = EpollEvents.ReadHangUp | EpollEvents.HangUp | EpollEvents.Error;
        _hungUp |= (events & HangUps) != 0;
        _broken |= (events & (EpollEvents.HangUp | EpollEvents.Error)) != 0;
        HasUrgent |= (events & EpollEvents.Urgent) != 0;
        if ((events & (EpollEvents.In | HangUps)) != 0)
        {
            IsReadable = true;
            Resume(ref _onReadable);
        }

        if ((events & (EpollEvents.Out | EpollEvents.Error | EpollEvents.HangUp)) != 0)
        {
            IsWritable = true;
            Resume(ref _onWritable);
        }

        if ((events & EpollEvents.Error) != 0 && Fd >= 0)
        {
            Owner?.OnSocketError(this);
        }
    }

    internal void Close() => Release(reset: false);

    /// <summary>Closes with RST.</summary>
    internal void Reset() => Release(reset: true);

    private static void Resume(ref Action? waiter)
    {
        var continuation = waiter;
        if (continuation is not null)
        {
            waiter = null;
            continuation();
        }
    }

    private void AwaitRoom()
    {
        IsWritable = false;
        if (!_watchedForWrite)
        {
            _watchedForWrite = true;
            _ = shard.Poller.Modify(this, ReadEvents | EpollEvents.Out);
        }
    }

    private void Release(bool reset)
    {
        if (Fd < 0)
        {
            return;
        }

        if (_watched)
        {
            shard.Poller.Forget(this);
        }

        if (reset)
        {
            SocketIo.Reset(Fd);
        }
        else
        {
            SocketIo.Close(Fd);
        }

        Fd = -1;
    }
}
