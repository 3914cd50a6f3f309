using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Engine.Sessions;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>
/// A shard's flows in a world that is made of chance: its turns, clients that ask, a network that loses, delays and
/// doubles, backends that come, go and fail, and a control plane that changes everything meanwhile. The same seed makes
/// the same world.
/// </summary>
internal sealed unsafe class FlowSimulation : IDisposable
{
    internal const long IdleMs = 30_000;

    private readonly Random _random;
    private readonly Agenda _agenda = new();
    private readonly Arena _arena = new(4 * 1024 * 1024);
    private readonly FlowChecks _checks;
    private bool _defers;
    private int _strangers;

    internal FlowSimulation(int seed)
    {
        _random = new Random(seed);
        Timers = new TimerWheel(Clock.NowMs);
        Admission = new Admission(descriptors: 100_000, pipes: 0, sessionsMost: 0, flowsMost: _random.Next(100, 1000));
        Invariants = new FlowInvariants(this);
        Network = new SimulatedNetwork(_random, _agenda, Clock, Invariants);
        Table = new FlowTable(new FlowContext(0, Clock, Timers, Counters, Admission, Clock, Invariants), Port);
        Port.Table = Table;
        Port.Defers = () => _defers;
        Port.Opens = Network.Open;
        Port.Transmits = Network.Transmit;
        Port.Takes = Invariants.Taken;
        Port.Replies = Invariants.Reply;
        Port.Forgets = Invariants.Forgotten;
        Port.Fails = Failed;
        Control = new SimulatedControl(this, _random, services: 3, slots: 5);
        _checks = new FlowChecks(this);
    }

    internal TestClock Clock { get; } = new(nowMs: 1000);

    internal TimerWheel Timers { get; }

    internal ShardCounters Counters { get; } = new();

    internal Admission Admission { get; }

    internal TestPort Port { get; } = new();

    internal FlowTable Table { get; }

    internal FlowInvariants Invariants { get; }

    internal SimulatedNetwork Network { get; }

    internal SimulatedControl Control { get; }

    internal List<Arrival> Arrivals { get; } = [];

    internal long Events { get; private set; }

    /// <summary>Flows that failed and had to find another backend.</summary>
    internal long Rescues { get; private set; }

    /// <summary>Datagrams that were taken and could not be sent.</summary>
    internal long LostInSending { get; private set; }

    /// <summary>Answers that nobody expected.</summary>
    internal long Strays { get; private set; }

    /// <summary>Failures that a backend is to blame for.</summary>
    internal long Faults { get; private set; }

    /// <summary>Datagrams larger than they may be.</summary>
    internal long TooLarge { get; private set; }

    internal BackendPool PoolOf(Flow flow) => flow.Service.Snapshot.PoolFor(flow.Listener.Target.Listen.Scope);

    /// <summary>Lets so much happen, and then nothing more until all is over.</summary>
    internal void Run(long events)
    {
        for (var turn = 0; Events < events; turn++)
        {
            Turn(turn);
        }

        _defers = false;
        for (var end = Clock.NowMs + Agenda.Span + (3 * IdleMs); Clock.NowMs < end;)
        {
            Advance(500);
            Port.FlushAll();
            _arena.Clear();
        }

        _checks.Nothing();
    }

    public void Dispose() => _arena.Dispose();

    private void Turn(int turn)
    {
        _defers = _random.Next(2) == 0;
        Advance(_random.Next(2000) switch { < 2 => _random.Next(9_000, 40_000), < 20 => _random.Next(1000), _ => _random.Next(3) });

        // Now and then a flood.
        for (var asks = turn / 500 % 8 == 7 ? _random.Next(60) : _random.Next(16); asks > 0; asks--)
        {
            Ask();
            if (_random.Next(4) == 0)
            {
                // Whatever is ready comes in turn: answers, while something waits to be sent.
                Advance(_random.Next(2));
            }

            if (_random.Next(60) == 0)
            {
                Control.Step();
            }
        }

        Port.FlushAll();
        _arena.Clear();
        if (turn % 32 == 0)
        {
            _checks.Look();
        }
        else
        {
            _checks.Glance();
        }
    }

    private void Advance(int ms)
    {
        var fromMs = Clock.NowMs;
        Clock.NowMs += ms;
        Timers.Advance(Clock.NowMs);
        foreach (var happening in _agenda.TakeDue(fromMs, Clock.NowMs))
        {
            Events++;
            if (happening.Kind == HappeningKind.Duplicate)
            {
                var first = Arrivals[happening.Arrival];
                Arrive(first.Client, first.Slot, 1, first.Length, first.Length);
            }
            else if (happening.Socket!.IsOpen)
            {
                Happen(happening, happening.Socket);
            }
        }
    }

    private void Ask()
    {
        var slot = _random.Next(Control.Slots.Length);
        var length = _random.Next(100) switch { < 2 => 0, < 90 => _random.Next(8, 60), < 99 => _random.Next(8, 1500), _ => _random.Next(1500, 12_000) };
        var (count, last) = _random.Next(12) == 0 && length is > 0 and < 1500 ? (_random.Next(1, 9), _random.Next(8, length + 1)) : (1, length);
        var number = Arrivals.Count;
        var client = _random.Next(10) switch { < 6 => _random.Next(60), < 9 => _random.Next(5000), _ => 10_000 + _strangers++ };
        Arrive(ClientOf(client), slot, count, length, last);
        if (_random.Next(25) == 0)
        {
            _agenda.Add(Clock.NowMs, _random.Next(1, 100), new Happening(HappeningKind.Duplicate, null, number, 1));
        }
    }

    private static AddressKey ClientOf(int client) => client % 5 == 0
        ? new AddressKey(new UInt128(0x20010DB8_00000000, (ulong)client / 8), (ushort)(1024 + (client % 8)))
        : AddressKey.FromIPv4(0xC6120000 + ((uint)client / 8), (ushort)(1024 + (client % 8)));

    private void Arrive(in AddressKey client, int slot, int count, int length, int last)
    {
        var listener = Control.Slots[slot];
        var (target, all) = (listener.Target, (length * (count - 1)) + last);
        if (!_arena.HasRoom(all))
        {
            return;
        }

        var rules = target.Service.Snapshot.Spec.Datagrams;
        var bytes = _arena.Take(all);
        for (var i = 0; i < count; i++)
        {
            var one = i < count - 1 ? length : last;
            Arrival.Write(new Span<byte>(bytes + (i * length), one), Arrivals.Count);
            Arrivals.Add(new Arrival(client, slot, listener, target.Service, one));
            TooLarge += one > rules.MaxBytes ? 1 : 0;
            Invariants.Record(one);
        }

        Events += count;
        var key = new FlowKey(client, target.Address);
        var bound = count == 1 && length <= rules.MaxBytes && rules.Mode == DatagramMode.Flow ? Invariants.BoundTo(key) : null;
        var stays = bound is not null && Stays(bound, listener);
        Invariants.LastTaker = null;
        Table.Arrive(listener, client.ToSocketAddress(), target.Address, new Datagram(bytes, all, length));
        if (bound is not null)
        {
            FlowInvariants.Check(stays == (Invariants.LastTaker == bound), "a datagram belongs to its client's flow, or to a new one");
        }

        if (Invariants.LastTaker is { IsOutlet: false } flow && rules.Requests > 0 && flow.Requests + flow.Unsent >= rules.Requests)
        {
            FlowInvariants.Check(!flow.IsBound || flow.Requests < rules.Requests, "a flow has all its requests");
        }
    }

    /// <summary>Whether a client's next datagram should go where its last one went.</summary>
    private bool Stays(Flow flow, DatagramListener listener)
    {
        var (backend, pool) = (flow.Backend!, PoolOf(flow));
        var index = pool.IndexOf(backend);
        var isFit = index >= 0 && pool.IsEligible(index);
        return flow.Listener == listener && flow.Service == listener.Target.Service
            && (backend.IsRemoved ? index >= 0 : isFit || !backend.Health.IsDown || !flow.AwaitsAnswer);
    }

    private void Happen(in Happening happening, TestSocket socket)
    {
        if (happening.Kind == HappeningKind.Answer)
        {
            Answer(socket.Flow, happening.Arrival, happening.Count);
        }
        else if (_random.Next(2) == 0)
        {
            socket.Pending = Errno.ECONNREFUSED;
        }
        else
        {
            var rescue = Expect(socket.Flow, Errno.ECONNREFUSED);
            Faults++;
            Table.Unreachable(socket.Flow, Errno.ECONNREFUSED);
            Verify(rescue, socket.Flow);
        }
    }

    private void Answer(Flow flow, int number, int count)
    {
        var length = number < 0 ? 0 : Arrival.LeastLength + _random.Next(20);
        count = length == 0 ? 1 : count;
        if (!_arena.HasRoom(length * count))
        {
            return;
        }

        var bytes = _arena.Take(length * count);
        for (var i = 0; i < count; i++)
        {
            Arrival.Write(new Span<byte>(bytes + (i * length), length), number);
        }

        // A socket that is read in batches may tell of more than the flow lives for.
        for (var batch = _random.Next(6) == 0 ? 2 : 1; batch > 0; batch--)
        {
            var rules = flow.Service.Snapshot.Spec.Datagrams;
            var isStray = flow.IsOutlet || flow.IsOver;
            Strays += isStray ? count : 0;
            var completes = rules.Responses is { } each && flow.Requests >= rules.Requests && flow.Responses + count >= each * flow.Requests;
            Table.Answered(flow, new Datagram(bytes, length * count, length));
            FlowInvariants.Check(isStray || flow.IsOver == completes, "a flow that has all its answers is over, and no other");
        }
    }

    private SendVerdict Failed(Flow flow, Errno error, Datagram unsent)
    {
        Events++;
        Faults += error == Errno.EMSGSIZE || FlowConnector.IsOurWant(error) ? 0 : 1;
        var rescue = Expect(flow, error);
        var verdict = Table.Failed(flow, error, unsent);
        if (verdict == SendVerdict.Drop)
        {
            LostInSending += unsent.Count;
            Invariants.StateOf(flow).Lost(Arrival.NumberOf(unsent.First.Bytes), unsent.Count);
        }

        Verify(rescue, flow);
        return verdict;
    }

    /// <summary>What has to become of a flow whose backend fails; null when that depends.</summary>
    private Rescue? Expect(Flow flow, Errno error)
    {
        if (flow.IsOutlet || !flow.MayResend || !flow.Service.Snapshot.Spec.Datagrams.Resend || error == Errno.EMSGSIZE || FlowConnector.IsOurWant(error)
            || Invariants.StateOf(flow) is not { Unanswered: > 0 } state)
        {
            return null;
        }

        var (pool, good, bad) = (PoolOf(flow), 0, (flow.Failed?.Count ?? 0) + 1);
        for (var i = 0; i < pool.Size; i++)
        {
            var backend = pool[i];
            var isTried = backend == flow.Backend || flow.Failed?.Contains(backend) == true;
            good += !isTried && pool.IsEligible(i) && !backend.Load.IsFull && Network.Takes(backend) ? 1 : 0;
            bad += !isTried && pool.IsKept(i) && !Network.Takes(backend) ? 1 : 0;
        }

        var isPossible = good > 0 && bad < flow.Service.Snapshot.Spec.Timeouts.ConnectAttempts;
        return isPossible ? new Rescue(flow.Backend!, state.OwesFirst(Clock.NowMs), Network.Wants) : null;
    }

    private void Verify(Rescue? expected, Flow flow)
    {
        if (expected is { } rescue && rescue.Wants == Network.Wants)
        {
            Rescues++;
            FlowInvariants.Check(!flow.IsOver && flow.Backend != rescue.From, "nobody took over");
            var wasSent = ((TestSocket)flow.Socket!).Sent == 1 && Network.Takes(flow.Backend!);
            FlowInvariants.Check(wasSent || !rescue.OwesFirst, "what was unanswered was not sent again");
        }
    }

    private readonly record struct Rescue(Backend From, bool OwesFirst, int Wants);
}
