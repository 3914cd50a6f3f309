using System.Runtime.InteropServices;
using L4Lb.Engine.Diagnostics;
using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Shards;

/// <summary>One epoll instance: finds the target of each event by descriptor, and drops those of former owners.</summary>
internal sealed unsafe class EpollPoller : IDisposable
{
    // Events taken per wait. More only delays the first of them; fewer cost more calls under load.
    private const int BatchSize = 256;

    // Immutable.
    private readonly int _epoll;
    private readonly int _wakeUp;
    private readonly byte* _events;

    // Shard thread only.
    private PollTarget?[] _targets = new PollTarget?[256];
    private uint _generation;

    internal EpollPoller()
    {
        _epoll = Throw.IfFailed(Libc.EpollCreate(SocketConstants.SOCK_CLOEXEC), "epoll_create1");
        _wakeUp = Throw.IfFailed(Libc.EventFd(0, SocketConstants.SOCK_NONBLOCK | SocketConstants.SOCK_CLOEXEC), "eventfd");
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(BatchSize * EpollEvent.Size));
        var item = stackalloc byte[EpollEvent.Size];
        EpollEvent.Set(item, EpollEvents.In | EpollEvents.EdgeTriggered, (uint)_wakeUp);
        Throw.IfFailed(Libc.EpollControl(_epoll, EpollEvent.Add, _wakeUp, item), "epoll_ctl");
    }

    /// <summary>Watches <paramref name="target"/> until its descriptor is closed or <see cref="Remove"/> is called.</summary>
    internal Errno Add(PollTarget target, EpollEvents events)
    {
        var fd = target.Fd;
        if (fd >= _targets.Length)
        {
            Array.Resize(ref _targets, Math.Max(fd + 1, _targets.Length * 2));
        }

        target.Generation = ++_generation;
        _targets[fd] = target;
        return Control(EpollEvent.Add, target, events);
    }

    /// <summary>Changes what is watched for.</summary>
    internal Errno Modify(PollTarget target, EpollEvents events) => Control(EpollEvent.Modify, target, events);

    /// <summary>Stops watching a target whose descriptor stays open.</summary>
    internal void Remove(PollTarget target)
    {
        _ = Control(EpollEvent.Delete, target, EpollEvents.None);
        Forget(target);
    }

    /// <summary>Drops a target whose descriptor is about to be closed; the kernel stops watching by itself.</summary>
    internal void Forget(PollTarget target)
    {
        if (target.Fd >= 0 && target.Fd < _targets.Length && _targets[target.Fd] == target)
        {
            _targets[target.Fd] = null;
        }
    }

    /// <summary>Waits at most <paramref name="timeoutMs"/> (-1: for ever) and returns how many events there are.</summary>
    internal int Wait(int timeoutMs)
    {
        var count = Libc.EpollWait(_epoll, _events, BatchSize, timeoutMs);
        return count >= 0 || LastError.Get() == Errno.EINTR ? Math.Max(count, 0) : Throw.System("epoll_wait");
    }

    /// <summary>Tells each target of the last wait what was seen.</summary>
    internal void Dispatch(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var item = _events + (i * EpollEvent.Size);
            var data = EpollEvent.Data(item);
            var fd = (int)(uint)data;
            if (fd == _wakeUp)
            {
                ulong ignored;
                _ = Libc.Read(_wakeUp, &ignored, sizeof(ulong));
                continue;
            }

            var target = _targets[fd];
            if (target is not null && target.Generation == (uint)(data >> 32))
            {
                target.OnEvents(EpollEvent.Events(item));
            }
        }
    }

    /// <summary>Ends a <see cref="Wait"/> in progress. Any thread.</summary>
    internal void WakeUp()
    {
        ulong one = 1;
        _ = Libc.Write(_wakeUp, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        _ = Libc.Close(_wakeUp);
        _ = Libc.Close(_epoll);
        NativeMemory.Free(_events);
    }

    private Errno Control(int operation, PollTarget target, EpollEvents events)
    {
        var item = stackalloc byte[EpollEvent.Size];
        EpollEvent.Set(item, events, ((ulong)target.Generation << 32) | (uint)target.Fd);
        return Libc.EpollControl(_epoll, operation, target.Fd, item) < 0 ? LastError.Get() : Errno.None;
    }
}
