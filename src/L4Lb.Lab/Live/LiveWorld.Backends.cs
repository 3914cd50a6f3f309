using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;

namespace L4Lb.Lab.Live;

/// <summary>The backends: a queue, and workers that take turns with it, first come first served, for as long as the work takes.</summary>
internal sealed partial class LiveWorld
{
    // Between two looks at anything else.
    private const int AcceptsMost = 64;

    private readonly List<LiveBackend> _backends = [];
    private readonly List<Conversation> _conversations = [];
    private readonly Stack<Conversation> _spare = new();
    private readonly int _answerBytes;
    private readonly byte[] _answer;

    private static ReadOnlySpan<byte> WellAnswer => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8;

    private void Watch(LiveBackend backend)
    {
        if (backend.Descriptor >= 0)
        {
            _poller.Add(backend.Descriptor, EpollEvents.In, DataOf(SocketKind.Backend, backend.State.Id, 0));
        }
    }

    private void Accept(LiveBackend backend)
    {
        for (var i = 0; i < AcceptsMost && backend.Door == Door.Open; i++)
        {
            var accepted = SocketIo.Accept(backend.Descriptor, out _);
            if (!accepted.Succeeded)
            {
                return;
            }

            _open++;
            var conversation = Take(backend);
            conversation.Descriptor = accepted.Value;
            conversation.Backend.State.Connecting++;
            _poller.Add(
                accepted.Value, EpollEvents.In | EpollEvents.ReadHangUp,
                DataOf(SocketKind.Conversation, conversation.Slot, conversation.Generation));
            TurnDoor(backend);
        }
    }

    private void TakeDatagrams(LiveBackend backend)
    {
        for (var i = 0; i < AcceptsMost && backend.Descriptor >= 0; i++)
        {
            var got = PlainIo.ReceiveFrom(backend.Descriptor, _buffer, out var from);
            if (!got.Succeeded)
            {
                return;
            }

            // A machine that hangs has taken it and will never know; one that is full drops it, as a socket's buffer would.
            if (backend.State.Answer == ConnectAnswer.Accepted && LiveMessage.Read(_buffer.AsSpan(0, got.Value)) is { } message)
            {
                var conversation = Take(backend);
                conversation.From = from;
                Join(conversation, message);
            }
        }
    }

    private void OnConversation(Conversation conversation)
    {
        var state = conversation.Backend.State;
        var room = conversation.Phase == ConversationPhase.Reading ? LiveMessage.Length - conversation.Received : 1;
        var got = conversation.Phase == ConversationPhase.Answering
            ? IoResult.Of(0)
            : PlainIo.Receive(conversation.Descriptor, _buffer.AsSpan(0, room));
        switch (conversation.Phase)
        {
            case ConversationPhase.Answering:
                Answer(conversation);
                break;
            case var _ when got.WouldBlock:
                break;
            case ConversationPhase.Reading when got is { Succeeded: true, Value: > 0 }:
                _buffer.AsSpan(0, got.Value).CopyTo(conversation.Head.AsSpan(conversation.Received));
                conversation.Received += got.Value;
                if (conversation.Received == LiveMessage.Length)
                {
                    state.Connecting--;
                    Understand(conversation);
                }

                break;
            case ConversationPhase.Held or ConversationPhase.Reading:
                state.Connecting -= conversation.Phase == ConversationPhase.Reading ? 1 : 0;
                HangUp(conversation, isReset: false);
                TurnDoor(conversation.Backend);
                break;
            case var _ when !got.Succeeded || got.Value == 0:
                // The client has given up, or the balancer has.
                GiveUp(conversation, fails: false);
                break;
        }
    }

    private void Understand(Conversation conversation)
    {
        if (LiveMessage.Read(conversation.Head) is { } message)
        {
            Join(conversation, message);
        }
        else if (!conversation.Head.AsSpan().StartsWith("GET "u8))
        {
            HangUp(conversation, isReset: true);
        }
        else if (conversation.Backend.State.Rate > 0)
        {
            _ = PlainIo.Send(conversation.Descriptor, WellAnswer);
            HangUp(conversation, isReset: false);
        }
        else
        {
            conversation.Phase = ConversationPhase.Held;
            conversation.Backend.Held.Add(conversation.Slot);
        }
    }

    private void Join(Conversation conversation, LiveMessage message)
    {
        var (backend, server) = (conversation.Backend, conversation.Backend.State);
        if ((uint)message.Slot >= (uint)_all.Count || _all[message.Slot] is not { } request || request.Data.Id != message.Number)
        {
            // Its client is gone already.
            HangUp(conversation, isReset: true);
            TurnDoor(backend);
            return;
        }

        request.Data.Server = server;
        (conversation.Data, conversation.Message) = (request.Data, message);
        _recorder.Join(server, in conversation.Data, _now);
        server.Count++;
        if (server.Busy < server.Group.Workers)
        {
            Serve(conversation, _now);
        }
        else
        {
            conversation.Phase = ConversationPhase.Waiting;
            backend.Waiting.Enqueue(conversation.Slot);
        }

        TurnDoor(backend);
    }

    /// <param name="conversation">What a worker begins with.</param>
    /// <param name="at">When: what follows another begins when that was over, not when somebody noticed.</param>
    private void Serve(Conversation conversation, long at)
    {
        var server = conversation.Backend.State;
        ref var request = ref conversation.Data;
        request.Work = server.Group.Work.Of(request.Chance) * VirtualTime.PerSecond;
        if (server.Cache is not null && !server.Remembers(request.Client))
        {
            request.Work *= server.Group.Cache!.MissFactor;
        }

        _recorder.Serve(in request, _now);
        conversation.Phase = ConversationPhase.Serving;
        request.Place = server.AddServing(conversation.Slot);
        Proceed(conversation, server.Rate, at);
    }

    private void Proceed(Conversation conversation, double rate, long at)
    {
        conversation.Data.Since = at;
        conversation.Data.Stamp++;
        if (rate > 0)
        {
            _heap.Push(at + (long)Math.Round(conversation.Data.Work / rate), EventKind.Served, conversation.Slot, conversation.Data.Stamp);
        }
    }

    private void OnServed(Conversation conversation, int stamp, long due)
    {
        if (conversation.Phase != ConversationPhase.Serving || conversation.Data.Stamp != stamp)
        {
            return;
        }

        _errors.Served.Record(_clock.RealMicros(_now - due));
        var backend = conversation.Backend;
        Leave(conversation);
        ServeNext(backend, due);
        conversation.Phase = ConversationPhase.Answering;
        conversation.Unsent = _answerBytes;
        Answer(conversation);
        TurnDoor(backend);
    }

    private void Answer(Conversation conversation)
    {
        conversation.Message.Write(_answer);
        if (_options.IsUdp)
        {
            _ = conversation.Backend.Descriptor < 0 ? default : PlainIo.SendTo(conversation.Backend.Descriptor, _answer, conversation.From);
            HangUp(conversation, isReset: false);
            return;
        }

        var sent = PlainIo.Send(conversation.Descriptor, _answer.AsSpan(_answerBytes - conversation.Unsent));
        if (sent.WouldBlock)
        {
            sent = IoResult.Of(0);
        }

        conversation.Unsent -= Math.Max(sent.Value, 0);
        if (!sent.Succeeded || conversation.Unsent == 0)
        {
            HangUp(conversation, isReset: !sent.Succeeded);
            return;
        }

        _poller.Change(
            conversation.Descriptor, EpollEvents.Out, DataOf(SocketKind.Conversation, conversation.Slot, conversation.Generation));
    }

    private void Leave(Conversation conversation)
    {
        var server = conversation.Backend.State;
        _recorder.Touch(server, _now);
        server.Count--;
        var last = server.Serving[--server.Busy];
        server.Serving[conversation.Data.Place] = last;
        _conversations[last].Data.Place = conversation.Data.Place;
    }

    private void ServeNext(LiveBackend backend, long at)
    {
        while (backend.State.Busy < backend.State.Group.Workers && backend.Waiting.TryDequeue(out var slot))
        {
            var conversation = _conversations[slot];
            if (conversation.Phase == ConversationPhase.GivenUp)
            {
                Free(conversation);
            }
            else
            {
                Serve(conversation, at);
            }
        }
    }

    /// <summary>A request ends without an answer.</summary>
    private void GiveUp(Conversation conversation, bool fails)
    {
        var (backend, server) = (conversation.Backend, conversation.Backend.State);
        if (fails && conversation.Phase is ConversationPhase.Serving or ConversationPhase.Waiting)
        {
            _recorder.Fail(server);
        }

        if (conversation.Phase == ConversationPhase.Serving)
        {
            Leave(conversation);
            HangUp(conversation, isReset: true);
            ServeNext(backend, _now);
        }
        else if (conversation.Phase == ConversationPhase.Waiting)
        {
            _recorder.Touch(server, _now);
            server.Count--;
            CloseSocket(conversation, isReset: true);
            conversation.Phase = ConversationPhase.GivenUp;
        }

        TurnDoor(backend);
    }

    /// <summary>Answers whoever comes as the backend would now.</summary>
    private void TurnDoor(LiveBackend backend)
    {
        var state = backend.State;
        var door = state.Crash switch
        {
            CrashWay.Refuses => Door.Closed,
            CrashWay.Hangs => Door.Mute,
            _ when !_options.IsUdp && state.Answer == ConnectAnswer.Refused => Door.Closed,
            _ => Door.Open,
        };
        if (door == backend.Door)
        {
            return;
        }

        if (!_options.IsUdp && backend.Door == Door.Open)
        {
            // One that does not accept has something to tell all the time.
            _poller.Remove(backend.Descriptor);
        }

        var isOther = backend.Turn(door);
        if (_options.IsUdp ? isOther : door == Door.Open)
        {
            Watch(backend);
        }
    }

    private Conversation Take(LiveBackend backend)
    {
        if (!_spare.TryPop(out var conversation))
        {
            conversation = new Conversation(_conversations.Count);
            _conversations.Add(conversation);
        }

        (conversation.Backend, conversation.Phase, conversation.Received) = (backend, ConversationPhase.Reading, 0);
        return conversation;
    }

    private void HangUp(Conversation conversation, bool isReset)
    {
        if (conversation.Phase is not (ConversationPhase.Free or ConversationPhase.GivenUp))
        {
            CloseSocket(conversation, isReset);
            Free(conversation);
        }
    }

    private void CloseSocket(Conversation conversation, bool isReset)
    {
        conversation.Generation++;
        if (conversation.Descriptor < 0)
        {
            return;
        }

        if (isReset)
        {
            SocketIo.Reset(conversation.Descriptor);
        }
        else
        {
            SocketIo.Close(conversation.Descriptor);
        }

        conversation.Descriptor = -1;
        _open--;
    }

    private void Free(Conversation conversation)
    {
        conversation.Phase = ConversationPhase.Free;
        _spare.Push(conversation);
    }
}
