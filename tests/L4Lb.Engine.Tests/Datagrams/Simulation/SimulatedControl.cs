using System.Net;
using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>
/// What the control plane and the health monitor do meanwhile, in their steps: a change is not in force everywhere at
/// once, and datagrams come between.
/// </summary>
internal sealed class SimulatedControl
{
    private const int BackendsMost = 6;

    private static readonly string[] s_schedulers =
        ["rr", "wrr", "swrr", "lc", "wlc", "sed", "random", "p2c", "maglev", "ring", "hrw", "first"];

    private readonly FlowSimulation _simulation;
    private readonly Random _random;
    private readonly Queue<Action>[] _steps;

    internal SimulatedControl(FlowSimulation simulation, Random random, int services, int slots)
    {
        (_simulation, _random) = (simulation, random);
        _steps = [.. Enumerable.Range(0, services).Select(_ => new Queue<Action>())];
        Services = [.. Enumerable.Range(0, services).Select(i => new ServiceRig(NewSpec(i), seed: (ulong)i))];
        Slots = [.. Enumerable.Range(0, slots).Select(i => NewListener(new ListenerTarget(Services[i % services].Service, ListenAt(i))))];
    }

    internal ServiceRig[] Services { get; }

    /// <summary>The sockets that are open, by the addresses that they are bound to.</summary>
    internal DatagramListener[] Slots { get; }

    /// <summary>Sockets that close, and since when.</summary>
    internal List<(DatagramListener Listener, long SinceMs)> Closing { get; } = [];

    /// <summary>Does one thing more.</summary>
    internal void Step()
    {
        var i = _random.Next(Services.Length);
        if (_steps[i].TryDequeue(out var step))
        {
            step();
            return;
        }

        var (service, slot) = (Services[i], _random.Next(Slots.Length));
        switch (_random.Next(12))
        {
            case 0 or 1 or 2:
                _simulation.Network.Set(PortOf(i, _random.Next(BackendsMost)), (Condition)(_random.Next(9) % 5));
                break;
            case 3 or 4:
                BeginChange(service, i, service.Spec with { Backends = NewBackends(i) });
                break;
            case 5:
                BeginChange(service, i, NewSpec(i) with { Backends = service.Spec.Backends });
                break;
            case 6 or 7:
                BeginVerdict(service, i);
                break;
            case 8:
                CloseAndOpen(slot);
                break;
            case 9 when _random.Next(4) == 0:
                _simulation.Table.EndOf(Slots[slot], CloseReason.Killed);
                break;
            case 10 when _random.Next(4) == 0:
                Slots[slot].Target = new ListenerTarget(Services[_random.Next(Services.Length)].Service, ListenAt(slot));
                break;
            default:
                _simulation.Network.Set(PortOf(i, _random.Next(BackendsMost)), Condition.Well);
                break;
        }
    }

    private static int PortOf(int service, int backend) => 9100 + (100 * service) + backend;

    private static ListenSpec ListenAt(int slot) => new() { Address = new IPEndPoint(new IPAddress([10, 96, 0, (byte)slot]), 53) };

    private static DatagramListener NewListener(ListenerTarget target) => new(null, fd: 0, target);

    private void BeginChange(ServiceRig service, int i, ServiceSpec spec)
    {
        var removals = _simulation.Invariants.Removals;
        var removed = service.Reconcile(spec);
        foreach (var backend in service.Backends.Values.Where(backend => !backend.IsRemoved))
        {
            removals.Remove(backend);
        }

        removed.ForEach(backend => removals.Add(backend, new Removal()));
        _steps[i].Enqueue(() =>
        {
            service.Publish(spec);
            removed.ForEach(backend => removals[backend].PublishedAt = _simulation.Arrivals.Count);
        });
        _steps[i].Enqueue(() =>
        {
            foreach (var backend in removed)
            {
                _simulation.Table.EndOf(backend, CloseReason.BackendRemoved);
                removals[backend].IsDone = true;
            }
        });
    }

    private void BeginVerdict(ServiceRig service, int i)
    {
        foreach (var backend in service.Backends.Values.Where(_ => _random.Next(3) == 0))
        {
            var state = _random.Next(3) switch { 0 => HealthState.Down, 1 => HealthState.Ejected, _ => HealthState.Up };
            backend.Health = new HealthVerdict(state, null, default) { Drains = _random.Next(8) == 0 };
        }

        _steps[i].Enqueue(() => service.Publish(service.Spec));
    }

    private void CloseAndOpen(int slot)
    {
        var listener = Slots[slot];
        listener.IsClosing = true;
        Closing.Add((listener, _simulation.Clock.NowMs));
        Slots[slot] = NewListener(listener.Target);
        _simulation.Table.Close(listener);
        FlowInvariants.Check(
            _simulation.Port.Sockets.All(socket => socket.Flow.Listener != listener || socket.Flow.AwaitsAnswer
                || (!socket.Flow.IsOutlet && _simulation.Clock.NowMs - socket.Flow.LastMs < 100)),
            "a socket that closes is held by what awaits no answer");
    }

    private EquatableArray<BackendSpec> NewBackends(int service) =>
    [
        .. Enumerable.Range(0, BackendsMost)
            .Where(_ => _random.Next(10) < 7)
            .Select(i => ServiceRig.At(PortOf(service, i), _random.Next(8) == 0 ? 0 : _random.Next(1, 4))),
    ];

    private ServiceSpec NewSpec(int service) => new()
    {
        Key = new ServiceKey("default", $"service-{service}", "udp"),
        Protocol = TransportProtocol.Udp,
        Backends = NewBackends(service),
        Scheduler = new SchedulerSpec(s_schedulers[_random.Next(s_schedulers.Length)]),
        Affinity = _random.Next(5) > 1 ? null : new AffinitySpec
        {
            WhenGone = (AffinityWhenGone)_random.Next(2),
            FirstPick = (AffinityFirstPick)_random.Next(2),
        },
        Timeouts = new TimeoutSpec { Idle = TimeSpan.FromMilliseconds(FlowSimulation.IdleMs), ConnectAttempts = _random.Next(1, 6) },
        Limits = new LimitSpec
        {
            MaxSessions = _random.Next(4) switch { 0 => 0, 1 => 15, 2 => 60, _ => 150 },
            BackendMaxSessions = _random.Next(3) == 0 ? _random.Next(5, 40) : 0,
            BackendResumeBelow = 0,
            PerSource = _random.Next(6) == 0 ? new SourceLimitSpec { MaxSessions = 3 } : null,
        },
        Datagrams = new DatagramSpec
        {
            Mode = _random.Next(7) == 0 ? DatagramMode.Datagram : DatagramMode.Flow,
            Requests = _random.Next(3) == 0 ? _random.Next(1, 4) : 0,
            Responses = _random.Next(3) == 0 ? _random.Next(3) : null,
            Resend = _random.Next(6) > 0,
            WhenFull = (FlowsFull)_random.Next(2),
            MaxBytes = _random.Next(4) == 0 ? 1400 : DatagramSpec.MaxDatagramBytes,
        },
    };
}
