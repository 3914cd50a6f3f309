using L4Lb.Lab.Simulation;

namespace L4Lb.Lab.Live;

/// <summary>What goes wrong: the same steps as in simulations, carried out on sockets.</summary>
internal sealed partial class LiveWorld
{
    private bool _applies;

    private void OnFault(in FaultStep step)
    {
        var (server, backend) = (step.Server, _backends[step.Server.Id]);
        var before = server.Rate;
        _recorder.Touch(server, _now);
        if (!server.Take(step, _now))
        {
            ChangePresence(server, step.Kind == FaultKind.Join);
            return;
        }

        ChangeRate(backend, before);
        if (step.Kind is FaultKind.Refuse or FaultKind.Recover)
        {
            // A machine that comes back knows nothing of what was open.
            BreakOff(backend);
        }

        TurnDoor(backend);
        ReleaseHeld(backend);
    }

    private void ChangePresence(Server server, bool isPresent)
    {
        if (server.IsPresent == isPresent)
        {
            return;
        }

        server.IsPresent = isPresent;

        // What changes at one time is told at once.
        if (!_applies)
        {
            _applies = true;
            _heap.Push(_now, EventKind.Apply, 0);
        }
    }

    /// <summary>What is served there goes on at another rate than <paramref name="before"/>.</summary>
    private void ChangeRate(LiveBackend backend, double before)
    {
        var server = backend.State;
        for (var i = 0; i < server.Busy; i++)
        {
            var conversation = _conversations[server.Serving[i]];
            conversation.Data.Work = Math.Max(0, conversation.Data.Work - ((_now - conversation.Data.Since) * before));
            Proceed(conversation, server.Rate, _now);
        }
    }

    /// <summary>Everything open there breaks off.</summary>
    private void BreakOff(LiveBackend backend)
    {
        for (var slot = 0; slot < _conversations.Count; slot++)
        {
            var conversation = _conversations[slot];
            if (conversation.Backend != backend)
            {
                continue;
            }

            switch (conversation.Phase)
            {
                case ConversationPhase.Waiting or ConversationPhase.Serving:
                    GiveUp(conversation, fails: true);
                    break;
                case ConversationPhase.Reading:
                    backend.State.Connecting--;
                    HangUp(conversation, isReset: true);
                    break;
                case ConversationPhase.Held or ConversationPhase.Answering:
                    HangUp(conversation, isReset: true);
                    break;
            }
        }
    }

    /// <summary>Whoever asked whether it is well while its world stood still is answered now.</summary>
    private void ReleaseHeld(LiveBackend backend)
    {
        if (backend.State.Rate == 0)
        {
            return;
        }

        foreach (var slot in backend.Held)
        {
            if (_conversations[slot] is { Phase: ConversationPhase.Held } held && held.Backend == backend)
            {
                Understand(held);
            }
        }

        backend.Held.Clear();
    }
}
