using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health;
using L4Lb.Engine.Health.Probes;
using L4Lb.Engine.Runtime;

namespace L4Lb.Lab.Simulation;

/// <summary>What goes wrong, who is told, and who finds out.</summary>
internal sealed partial class World
{
    private readonly List<(Balancer Balancer, Check Check, ProbeResult Result)> _checks = [];
    private readonly Stack<int> _spareChecks = new();

    private void OnFault(in FaultStep step)
    {
        var server = step.Server;
        var before = server.Rate;
        _recorder.Touch(server, Time.Now);
        if (!server.Take(step, Time.Now))
        {
            ChangePresence(server, step.Kind == FaultKind.Join);
            return;
        }

        ChangeRate(server, before);
        if (step.Kind is FaultKind.Refuse or FaultKind.Recover)
        {
            // A machine that comes back knows nothing of what was open.
            BreakOff(server);
        }
    }

    private void ChangePresence(Server server, bool isPresent)
    {
        if (server.IsPresent == isPresent)
        {
            return;
        }

        server.IsPresent = isPresent;
        if (!isPresent)
        {
            server.Leaves++;
            _heap.Push(Time.Now + VirtualTime.Of(_scenario.Service.Timeouts.Drain), EventKind.DrainEnds, server.Id, server.Leaves);
        }

        // What changes at one time is told at once.
        if (!_applies)
        {
            _applies = true;
            _heap.Push(Time.Now, EventKind.Apply, 0);
        }
    }

    private void Apply()
    {
        _applies = false;
        foreach (var balancer in _balancers)
        {
            balancer.Apply(Servers);
            ArmHealth(balancer);
        }

        _disruption.Look(Time.Now, Servers);
    }

    private void OnDrainEnds(Server server, int leave)
    {
        for (var slot = 0; slot < _slots && server.Leaves == leave; slot++)
        {
            if (_all[slot].Server == server && _all[slot] is { Phase: Phase.Waiting or Phase.Serving, Backend.IsRemoved: true })
            {
                End(slot);
            }
        }
    }

    /// <summary>A balancer ends its sessions at a backend that it found down.</summary>
    internal void Reset(Balancer balancer, Backend backend)
    {
        for (var slot = 0; slot < _slots; slot++)
        {
            if (_all[slot].Balancer == balancer && _all[slot].Backend == backend && _all[slot].Phase is Phase.Waiting or Phase.Serving)
            {
                End(slot);
            }
        }
    }

    private void OnHealth(Balancer balancer)
    {
        balancer.HealthScheduled = long.MaxValue;
        var compiled = balancer.Compiled;
        balancer.RunHealth(Time.NowMs);
        ArmHealth(balancer);
        if (compiled != balancer.Compiled && balancer.Index == 0)
        {
            _disruption.Look(Time.Now, Servers);
        }
    }

    private void ArmHealth(Balancer balancer)
    {
        if (balancer.HealthDueMs is { } dueMs && !_recorder.IsOver)
        {
            var due = Math.Max(Time.Now, dueMs * VirtualTime.PerMillisecond);
            if (due < balancer.HealthScheduled)
            {
                balancer.HealthScheduled = due;
                _heap.Push(due, EventKind.Health, balancer.Index);
            }
        }
    }

    /// <summary>Who puts the questions of a balancer's checks.</summary>
    internal ICheckRunner ChecksOf(Balancer balancer) => new VirtualChecks(this, balancer);

    /// <summary>Puts the question of a check, whose answer is known already and comes in its time.</summary>
    private void Ask(Balancer balancer, Check check)
    {
        check.StartedMs = Time.NowMs;
        var server = Servers[Server.IdOf(AddressKey.From(check.Target.Backend))];
        var timeout = VirtualTime.Of(check.Timeout);
        var way = server.Group.Connect is { } connect ? VirtualTime.Of(connect.Mean) : 0;
        var (result, takes) = server.Answer switch
        {
            ConnectAnswer.Refused => (ProbeResult.Failed(CheckCode.L4CON), way),
            ConnectAnswer.None => (ProbeResult.Failed(CheckCode.L4TOUT), timeout),
            _ when check.Probe is TcpProbe || server.Paused == 0 => (ProbeResult.Passed(CheckCode.L4OK), way),
            _ => (ProbeResult.Passed(CheckCode.L7OK), way + server.PausedUntil - Time.Now),
        };
        if (takes > timeout)
        {
            (result, takes) = (ProbeResult.Failed(CheckCode.L7TOUT), timeout);
        }

        var index = _spareChecks.TryPop(out var spare) ? spare : _checks.Count;
        if (index == _checks.Count)
        {
            _checks.Add(default);
        }

        _checks[index] = (balancer, check, result with { Duration = TimeSpan.FromTicks(takes / 100) });
        _heap.Push(Time.Now + takes, EventKind.CheckEnds, index);
    }

    private void OnCheckEnds(int index)
    {
        var (balancer, check, result) = _checks[index];
        _spareChecks.Push(index);
        if (!check.IsStopped)
        {
            check.Finished(result);
            balancer.RunPosted();
            ArmHealth(balancer);
        }
    }

    private sealed class VirtualChecks(World world, Balancer balancer) : ICheckRunner
    {
        public int Running => 0;

        public void Start(Check check) => world.Ask(balancer, check);

        public void StopAll()
        {
            // Nothing is held: what has not been answered is passed over.
        }
    }
}
