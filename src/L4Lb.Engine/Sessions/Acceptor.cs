using L4Lb.Engine.Interop;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// Turns readiness into sessions, in batches, and sorts what accept may answer: the client's fault (go on), our
/// descriptors (shed one, pause), a broken listener (stop). Shard thread only; one per shard.
/// </summary>
internal sealed class Acceptor : WheelTimer
{
    // Small batches beat large ones (HAProxy measured 4 best of 1…64, defaults.h, MAX_ACCEPT): what is accepted is
    // served before more is let in. Level-triggered, so the rest is reported again.
    private const int BatchSize = 8;

    // HAProxy's figure: long enough to matter, short enough that nobody's connect times out.
    private const int PauseMs = 100;

    // A session that changes shards costs a wake-up of the other one: only for a difference that matters.
    private const int SlackLeast = 2;
    private const int SlackShare = 16;

    private readonly SessionContext _context;
    private readonly List<Listener> _paused = [];
    private int _reserve = OpenReserve();
    private bool _waitsForRoom;

    internal Acceptor(SessionContext context)
    {
        _context = context;
        context.Sessions.Left += OnSessionLeft;
    }

    /// <summary>Begins to watch <paramref name="listener"/>.</summary>
    internal Errno Add(Listener listener) => _context.Shard.Poller.Add(listener, EpollEvents.In);

    /// <summary>
    /// Stops <paramref name="listener"/>, but first takes in whoever the kernel has already told that they are
    /// connected: closing would reset them.
    /// </summary>
    internal void Remove(Listener listener)
    {
        while (AcceptOne(listener))
        {
        }

        _paused.Remove(listener);
        _context.Shard.Poller.Forget(listener);
        SocketIo.Close(listener.Fd);
        listener.Fd = -1;
    }

    internal void Accept(Listener listener)
    {
        for (var i = 0; i < BatchSize && AcceptOne(listener); i++)
        {
        }
    }

    protected internal override void OnDue(long nowMs) => Resume();

    /// <summary>Gives the reserved descriptor back to the system.</summary>
    internal void Close()
    {
        SocketIo.Close(_reserve);
        _reserve = -1;
    }

    /// <summary>Accepts once. False when there is nobody, or no room.</summary>
    private bool AcceptOne(Listener listener)
    {
        if (!_context.Admission.TryEnter())
        {
            _waitsForRoom = true;
            Pause(listener);
            return false;
        }

        var accepted = SocketIo.Accept(listener.Fd, out var address);
        if (!accepted.Succeeded)
        {
            _context.Admission.Leave();
            return HandleError(listener, accepted.Error);
        }

        _context.Counters.Accepted++;
        var target = listener.Target;
        var local = target.IsWildcard ? SocketIo.LocalAddress(accepted.Value).ToKey() : target.Address;
        var context = LeastBusy();
        var session = new Session(context, target, accepted.Value, new FlowKey(address.ToKey(), local));
        if (context == _context)
        {
            _ = session.RunAsync();
        }
        else
        {
            context.Sessions.Expect();
            context.Shard.Post(
                static state =>
                {
                    var arrived = (Session)state!;
                    _ = arrived.RunAsync();
                    arrived.Arrived();
                },
                session);
        }

        return true;
    }

    /// <summary>
    /// Where the next session goes: here, unless another shard has clearly fewer. The kernel spreads clients over the
    /// shards' sockets by hash, which for some dozens of them is far from even, and a shard with too many makes its
    /// clients wait while another sleeps.
    /// </summary>
    private SessionContext LeastBusy()
    {
        var own = _context.Sessions.Count;
        var (best, fewest) = (_context, own - SlackLeast - (own / SlackShare));
        foreach (var context in _context.All)
        {
            if (context.Sessions.Count < fewest)
            {
                (best, fewest) = (context, context.Sessions.Count);
            }
        }

        return best;
    }

    private bool HandleError(Listener listener, Errno error)
    {
        switch (error)
        {
            case Errno.EAGAIN:
                return false;

            // The client went away in the queue, or the network did under it (accept(2), "Error handling").
            case Errno.ECONNABORTED or Errno.EPROTO or Errno.ENETDOWN or Errno.ENETUNREACH or Errno.EHOSTUNREACH
                or Errno.ETIMEDOUT or Errno.EPERM:
                return true;

            case Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM:
                ShedOne(listener);
                Pause(listener);
                return false;

            // Not a listening socket at all: trying again cannot help.
            case Errno.EBADF or Errno.EINVAL or Errno.ENOTSOCK:
                _context.Shard.Poller.Remove(listener);
                return false;

            // Whatever else a kernel or a filter may answer passes; a port that is dead until the restart does not.
            default:
                Pause(listener);
                return false;
        }
    }

    /// <summary>Spends the reserved descriptor on telling one client at once that there is no room.</summary>
    private void ShedOne(Listener listener)
    {
        SocketIo.Close(_reserve);
        var accepted = SocketIo.Accept(listener.Fd, out _);
        if (accepted.Succeeded)
        {
            SocketIo.Reset(accepted.Value);
            _context.Counters.Accepted++;
            _context.Counters.AddClosed((int)CloseReason.ResourceExhausted);
        }

        _reserve = OpenReserve();
    }

    private void Pause(Listener listener)
    {
        if (listener.IsPaused)
        {
            return;
        }

        listener.IsPaused = true;
        _paused.Add(listener);
        _context.Counters.AcceptPauses++;
        _ = _context.Shard.Poller.Modify(listener, EpollEvents.None);
        if (!IsArmed)
        {
            // Never later than the first of them asked for.
            _context.Shard.Timers.Schedule(this, _context.Shard.NowMs + PauseMs);
        }
    }

    private void OnSessionLeft()
    {
        if (_waitsForRoom)
        {
            Resume();
        }
    }

    private void Resume()
    {
        _waitsForRoom = false;
        foreach (var listener in _paused)
        {
            listener.IsPaused = false;
            _ = _context.Shard.Poller.Modify(listener, EpollEvents.In);
        }

        _paused.Clear();
    }

    private static int OpenReserve() => Libc.EventFd(0, SocketConstants.O_CLOEXEC);
}
