using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;
using L4Lb.Lab.Simulation;

namespace L4Lb.Lab.Live;

/// <summary>The clients: each request is a connection, or a socket for a datagram, from its client's address.</summary>
internal sealed partial class LiveWorld
{
    private readonly List<LiveRequest> _all = [];
    private readonly Stack<LiveRequest> _free = new();
    private readonly Queue<(long Until, int Slot, long Id)> _waiters = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _message = new byte[LiveMessage.Length];
    private readonly long _patience;
    private readonly int _inFlightMost;
    private int _inFlight;
    private int _open;

    private long NextPatience => _waiters.TryPeek(out var first) ? first.Until : long.MaxValue;

    private void Arrive()
    {
        var (number, due) = (_requests++, _nextArrival);
        var next = VirtualTime.Of(_arrivals!.Next());
        _nextArrival = next < _end ? next : long.MaxValue;
        Begin(number, _clients.Draw(_who.Next(), number), user: -1, _work.At((ulong)number), due);
    }

    /// <summary>A user of a closed loop asks.</summary>
    private void Ask(int user, long due)
    {
        if (due < _end)
        {
            var client = _clients.Count == 0 ? user : user % _clients.Count;
            Begin(_requests++, client, user, _work.At(((ulong)user << 32) + (uint)_turnsOfUsers![user]), due);
        }
    }

    private void Think(int user)
    {
        var turn = (uint)_turnsOfUsers![user]++;
        _heap.Push(_now + VirtualTime.Of(_closed!.Think.Of(_thinking.At(((ulong)user << 32) + turn))), EventKind.Thought, user);
    }

    /// <param name="number">Of the request.</param>
    /// <param name="client">Whose it is.</param>
    /// <param name="user">The user who thinks after it; -1 for none.</param>
    /// <param name="chance">What chance says of its work.</param>
    /// <param name="due">When it was meant to begin, from which it counts.</param>
    private void Begin(long number, int client, int user, ulong chance, long due)
    {
        if (!_free.TryPop(out var request))
        {
            request = new LiveRequest(_all.Count);
            _all.Add(request);
        }

        _inFlight++;
        request.Data = new Request
        {
            Id = number,
            Start = due,
            Chance = chance,
            Client = client,
            User = user,
            IsMeasured = due >= _startOfMeasure,
        };
        (request.IsSent, request.Received) = (false, 0);
        _recorder.Begin(in request.Data);
        if (request.Data.IsMeasured)
        {
            _errors.Sent.Record(_clock.RealMicros(_now - due));
        }

        if (_inFlight > _inFlightMost)
        {
            _errors.OutOfDescriptors++;
            Finish(request, succeeded: false);
            return;
        }

        var made = PlainIo.Dial(AddressOf(client), _target, _options.IsUdp);
        if (!made.Succeeded)
        {
            _errors.NoteUnsent(made.Error);
            Finish(request, succeeded: false);
            return;
        }

        _open++;
        request.Descriptor = made.Value;
        if (_patience > 0)
        {
            _waiters.Enqueue((due + _patience, request.Slot, number));
        }

        // On loopback the other side has mostly accepted by now, and one call does.
        Send(request);
        if (request.Descriptor >= 0)
        {
            _poller.Add(request.Descriptor, Wanted(request), DataOf(SocketKind.Client, request.Slot, request.Generation));
        }
    }

    private static EpollEvents Wanted(LiveRequest request) =>
        EpollEvents.In | EpollEvents.ReadHangUp | (request.IsSent ? EpollEvents.None : EpollEvents.Out);

    private void Send(LiveRequest request)
    {
        new LiveMessage(request.Slot, request.Data.Id).Write(_message);
        var sent = PlainIo.Send(request.Descriptor, _message);
        if (sent.Succeeded)
        {
            request.IsSent = true;
        }
        else if (!sent.WouldBlock)
        {
            Finish(request, succeeded: false);
        }
    }

    private void OnClient(LiveRequest request, EpollEvents events)
    {
        if (!request.IsSent && (events & (EpollEvents.Out | EpollEvents.Error | EpollEvents.HangUp)) != 0)
        {
            Send(request);
            if (request.Descriptor < 0)
            {
                return;
            }

            if (request.IsSent)
            {
                _poller.Change(request.Descriptor, Wanted(request), DataOf(SocketKind.Client, request.Slot, request.Generation));
            }
        }

        if ((events & ~EpollEvents.Out) != 0)
        {
            Receive(request);
        }
    }

    private void Receive(LiveRequest request)
    {
        while (true)
        {
            var got = PlainIo.Receive(request.Descriptor, _buffer);
            if (got.WouldBlock)
            {
                return;
            }

            if (!got.Succeeded || got.Value == 0)
            {
                Finish(request, succeeded: false);
                return;
            }

            var missing = LiveMessage.Length - request.Received;
            if (missing > 0)
            {
                _buffer.AsSpan(0, Math.Min(missing, got.Value)).CopyTo(request.Head.AsSpan(request.Received));
            }

            request.Received += got.Value;
            if (request.Received >= _answerBytes)
            {
                End(request);
                return;
            }
        }
    }

    /// <summary>All of an answer has come; whether it is ours is another matter.</summary>
    private void End(LiveRequest request)
    {
        _now = Math.Max(_now, _clock.Now);
        var isOurs = LiveMessage.Read(request.Head) == new LiveMessage(request.Slot, request.Data.Id) && request.Data.Server is not null;
        _errors.Strange += isOurs ? 0 : 1;
        Finish(request, isOurs);
    }

    private void Finish(LiveRequest request, bool succeeded)
    {
        _recorder.End(in request.Data, succeeded, _now);
        _inFlight--;
        var user = request.Data.User;
        Forget(request);
        request.Data.Server = null;
        request.Data.Id = -1;
        _free.Push(request);
        if (user >= 0 && _now < _end)
        {
            Think(user);
        }
    }

    /// <summary>Closes its socket: with a reset unless all has come, as whoever gives up does.</summary>
    private void Forget(LiveRequest request)
    {
        if (request.Descriptor < 0)
        {
            return;
        }

        if (request.Received >= _answerBytes || _options.IsUdp)
        {
            SocketIo.Close(request.Descriptor);
        }
        else
        {
            SocketIo.Reset(request.Descriptor);
        }

        request.Descriptor = -1;
        request.Generation++;
        _open--;
    }

    private void EndPatience()
    {
        var (_, slot, id) = _waiters.Dequeue();
        if (_all[slot].Data.Id == id)
        {
            Finish(_all[slot], succeeded: false);
        }
    }

    /// <summary>What hangs to the end is cut off.</summary>
    private void CutOff()
    {
        foreach (var request in _all.Where(static r => r.Data.Id >= 0))
        {
            _errors.CutOff += request.Data.IsMeasured ? 1 : 0;
            _recorder.End(in request.Data, succeeded: false, _now);
            Forget(request);
        }
    }

    /// <summary>A loopback address for each client; null where the target is elsewhere, or would not see it.</summary>
    private SocketAddress? AddressOf(int client)
    {
        const uint Loopback = 0x7F00_0000, Mask = 0x00FF_FFFF;
        if (!_middle.SeesClients)
        {
            return null;
        }

        // The first is the network's, the last its broadcast.
        var number = (uint)_clients.AddressOf(client, 0).Address & Mask;
        return AddressKey.FromIPv4(Loopback | Math.Clamp(number, 1, Mask - 1), 0).ToSocketAddress();
    }
}
