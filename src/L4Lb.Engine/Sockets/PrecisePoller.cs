using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Sockets;

/// <summary>
/// Waits for sockets and for a time at once, to the kernel's timer slack of 50 µs (prctl(2), PR_SET_TIMERSLACK) rather than to
/// the millisecond of epoll_wait(2): for whoever emulates durations. Level-triggered. For one thread.
/// </summary>
internal sealed unsafe class PrecisePoller : IDisposable
{
    private const int EventsMost = 256;
    private const short PollIn = 0x1;

    private readonly NativeBuffer _events = new(EventsMost * EpollEvent.Size);
    private readonly int _fd;

    internal PrecisePoller()
    {
        const int CloseOnExec = SocketConstants.O_CLOEXEC;
        _fd = Libc.EpollCreate(CloseOnExec);
        if (_fd < 0)
        {
            _events.Dispose();
            throw new IOException($"epoll: {LastError.Describe(LastError.Get())}");
        }
    }

    /// <summary>Begins to watch a descriptor; closing it ends that.</summary>
    /// <param name="fd">What is watched.</param>
    /// <param name="events">For what; errors always are.</param>
    /// <param name="data">Comes with each event.</param>
    internal void Add(int fd, EpollEvents events, ulong data) => Control(EpollEvent.Add, fd, events, data);

    /// <summary>Watches for something else from now on.</summary>
    internal void Change(int fd, EpollEvents events, ulong data) => Control(EpollEvent.Modify, fd, events, data);

    /// <summary>Stops watching a descriptor that stays open.</summary>
    internal void Remove(int fd) => Control(EpollEvent.Delete, fd, EpollEvents.None, 0);

    /// <summary>Waits at most so many nanoseconds, and returns how many events there are.</summary>
    internal int Wait(long nanoseconds)
    {
        if (nanoseconds > 0)
        {
            const long PerSecond = 1_000_000_000;
            var asked = new PollDescriptor { Descriptor = _fd, Wanted = PollIn };
            var timeout = new TimeSpec { Seconds = (nint)(nanoseconds / PerSecond), Nanoseconds = (nint)(nanoseconds % PerSecond) };
            _ = Libc.PollPrecisely(&asked, 1, &timeout, null);
        }

        return Math.Max(Libc.EpollWait(_fd, _events.Pointer, EventsMost, timeoutMs: 0), 0);
    }

    /// <summary>An event of the last wait.</summary>
    internal (EpollEvents Events, ulong Data) EventAt(int index)
    {
        var item = _events.Pointer + (index * EpollEvent.Size);
        return (EpollEvent.Events(item), EpollEvent.Data(item));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SocketIo.Close(_fd);
        _events.Dispose();
    }

    private void Control(int operation, int fd, EpollEvents events, ulong data)
    {
        var item = stackalloc byte[EpollEvent.Size];
        EpollEvent.Set(item, events, data);
        if (Libc.EpollControl(_fd, operation, fd, item) < 0)
        {
            throw new IOException($"epoll: {LastError.Describe(LastError.Get())}");
        }
    }
}
