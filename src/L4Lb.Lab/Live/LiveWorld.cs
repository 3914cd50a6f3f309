using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;
using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Simulation;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Live;

/// <summary>
/// One run on sockets: all clients and all backends of a scenario, in one thread with one loop, as <see cref="World"/> has them in
/// virtual time. What is between the two is not its business. Requests begin when they were meant to, whatever became of those
/// before (open loop), and count from then.
/// </summary>
/// <remarks>
/// One thread, because everything that is measured is then measured by one clock, in one order, and without locks; and because
/// all other cores are the balancer's.
/// </remarks>
internal sealed partial class LiveWorld : IDisposable
{
    // After a run, for answers that are on their way.
    private const long DrainLeast = 10 * VirtualTime.PerSecond;

    private readonly Scenario _scenario;
    private readonly LiveOptions _options;
    private readonly ClientPopulation _clients;
    private readonly LiveErrors _errors;
    private readonly PrecisePoller _poller = new();
    private readonly EventHeap _heap = new();
    private readonly Recorder _recorder;
    private readonly FaultStep[] _faults;
    private readonly ArrivalProcess? _arrivals;
    private readonly ClosedArrivals? _closed;
    private readonly Dice _work, _thinking;
    private readonly int[]? _turnsOfUsers;
    private readonly long _startOfMeasure, _end;
    private Dice _who;
    private LiveClock _clock;
    private IMiddle _middle = null!;
    private SocketAddress _target;
    private long _nextArrival = long.MaxValue;
    private long _requests;
    private long _now;

    /// <summary>Makes the backends, which can be connected to at once and begin to serve in <see cref="Run"/>.</summary>
    /// <exception cref="IOException">A port is not free, or there are no descriptors.</exception>
    internal LiveWorld(Scenario scenario, LiveOptions options, ulong seed, ClientPopulation clients, LiveErrors errors)
    {
        (_scenario, _options, _clients, _errors) = (scenario, options, clients, errors);
        (_work, _who, _thinking) = (new Dice(seed, Purpose.Service), new Dice(seed, Purpose.Clients), new Dice(seed, Purpose.Thinking));
        _clock = new LiveClock(options.TimeScale);
        _startOfMeasure = VirtualTime.Of(scenario.WarmUp);
        _end = _startOfMeasure + VirtualTime.Of(scenario.MeasuredSeconds);
        _patience = scenario.Patience is { } patience ? VirtualTime.Of(patience) : 0;
        var answerMost = options.IsUdp ? LivePlan.AnswerBytesMostUdp : LivePlan.AnswerBytesMost;
        _answerBytes = Math.Clamp(scenario.AnswerBytes, LiveMessage.Length, answerMost);
        _answer = new byte[_answerBytes];
        _inFlightMost = LivePlan.InFlightMost(scenario);
        var servers = FaultTimeline.Lay(scenario);
        _faults = FaultTimeline.Expand(scenario, servers, new Dice(seed, Purpose.Faults));
        _recorder = new Recorder(servers, seed, clients.Count, _startOfMeasure, _end);
        _closed = scenario.Arrivals as ClosedArrivals;
        if (_closed is null)
        {
            _arrivals = ArrivalProcess.Create(scenario.Arrivals, scenario.OfferedRate, new Dice(seed, Purpose.Arrivals));
            _nextArrival = VirtualTime.Of(_arrivals.Next());
        }
        else
        {
            _turnsOfUsers = new int[_closed.Users];
        }

        try
        {
            for (var i = 0; i < servers.Length; i++)
            {
                var backend = new LiveBackend(servers[i], options.BackendPort is { } first ? first + i : 0, options.IsUdp);
                _backends.Add(backend);
                Watch(backend);
            }
        }
        catch (IOException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The backends that belong to the service now.</summary>
    internal IEnumerable<(int Id, BackendSpec Spec)> Present => _backends.Where(static b => b.State.IsPresent)
        .Select(static b => (b.State.Id, new BackendSpec { Address = b.Address.ToIPEndPoint(), Weight = b.State.Group.Weight }));

    /// <summary>The address of each backend, by its name.</summary>
    internal IReadOnlyDictionary<string, AddressKey> Addresses => _backends.ToDictionary(static b => b.State.Name, static b => b.Address);

    /// <summary>Sockets that it holds; none once it is disposed of.</summary>
    internal int SocketsOpen => _open + _backends.Count(static b => b.Descriptor >= 0);

    /// <summary>Runs to the end, and tells <paramref name="look"/> now and then which part of it is over.</summary>
    /// <param name="middle">What is between clients and backends.</param>
    /// <param name="look">Called a few times a second; it may throw to end the run.</param>
    internal RunResult Run(IMiddle middle, Action<double> look)
    {
        const long Pause = VirtualTime.PerSecond / 5;
        _middle = middle;
        _target = middle.Address.ToSocketAddress();
        _clock = new LiveClock(_options.TimeScale);
        Schedule();
        var lastTime = _end + Math.Max(DrainLeast, _end - _startOfMeasure);
        for (var nextLook = 0L; !(_recorder.IsOver && _inFlight == 0) && _now < lastTime;)
        {
            var due = Math.Min(Math.Min(_heap.NextTime, _nextArrival), Math.Min(NextPatience, lastTime));
            Turn(due);
            if (_now >= nextLook)
            {
                look(Math.Min(1, (double)_now / _end));
                nextLook = _now + (long)(Pause / _options.TimeScale);
            }
        }

        CutOff();
        return _recorder.Finish([]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var request in _all)
        {
            Forget(request);
        }

        foreach (var conversation in _conversations)
        {
            HangUp(conversation, isReset: true);
        }

        _backends.ForEach(static b => b.Dispose());
        _poller.Dispose();
    }

    private void Turn(long due)
    {
        var count = _poller.Wait(_clock.NanosUntil(due));
        _now = Math.Max(_now, _clock.Now);
        for (var i = 0; i < count; i++)
        {
            var (events, data) = _poller.EventAt(i);
            OnSocket((SocketKind)(data & 0x3), (int)((uint)data >> 2), (uint)(data >> 32), events);
            _now = Math.Max(_now, _clock.Now);
        }

        while (Math.Min(Math.Min(_heap.NextTime, _nextArrival), NextPatience) <= _now)
        {
            DoDue();
            _now = Math.Max(_now, _clock.Now);
        }
    }

    private void DoDue()
    {
        var heap = _heap.NextTime;
        if (heap <= Math.Min(_nextArrival, NextPatience))
        {
            Handle(_heap.Pop());
        }
        else if (_nextArrival <= NextPatience)
        {
            Arrive();
        }
        else
        {
            EndPatience();
        }
    }

    private void Handle(in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.Served:
                OnServed(_conversations[e.Index], e.Stamp, e.Time);
                break;
            case EventKind.Thought:
                Ask(e.Index, e.Time);
                break;
            case EventKind.Fault:
                OnFault(_faults[e.Index]);
                break;
            case EventKind.Apply:
                _applies = false;
                _middle.Apply(Present);
                break;
            case EventKind.StepEnds:
                _recorder.EndStep(_now, _middle.Eligible(_backends.Where(static b => b.State.IsPresent), isFirst: e.Index == 0));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(e));
        }
    }

    private void Schedule()
    {
        for (var i = 0; i < _faults.Length; i++)
        {
            _heap.Push(_startOfMeasure + _faults[i].At, EventKind.Fault, i);
        }

        _recorder.Schedule(_heap);
        for (var user = 0; user < _turnsOfUsers?.Length; user++)
        {
            Think(user);
        }
    }

    private void OnSocket(SocketKind kind, int slot, uint generation, EpollEvents events)
    {
        switch (kind)
        {
            case SocketKind.Backend when !_options.IsUdp:
                Accept(_backends[slot]);
                break;
            case SocketKind.Backend:
                TakeDatagrams(_backends[slot]);
                break;
            case SocketKind.Client when _all[slot].Generation == generation && _all[slot].Descriptor >= 0:
                OnClient(_all[slot], events);
                break;
            case SocketKind.Conversation when _conversations[slot].Generation == generation && _conversations[slot].Descriptor >= 0:
                OnConversation(_conversations[slot]);
                break;
        }
    }

    private static ulong DataOf(SocketKind kind, int slot, uint generation) => ((ulong)generation << 32) | ((uint)slot << 2) | (uint)kind;

    /// <summary>Whose socket something happened at.</summary>
    private enum SocketKind
    {
        Backend,
        Client,
        Conversation,
    }
}
