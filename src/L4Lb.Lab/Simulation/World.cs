using L4Lb.Lab.Results;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Simulation;

/// <summary>
/// One run: a scenario under one scheduler and one seed, from the first event to the last. What is balanced is made up here;
/// what balances is the engine's. For one thread.
/// </summary>
/// <remarks>
/// A request is a session: it comes to a balancer, is picked a backend for and connected to it, waits there for a worker, is
/// served, and ends. Chance is drawn by the request's number rather than in the order of events, so that every scheduler
/// meets the same requests and what differs between them is their doing.
/// </remarks>
internal sealed partial class World
{
    // Between two looks at whether to go on.
    private const int EventsPerLook = 1 << 14;

    private readonly Scenario _scenario;
    private readonly ClientPopulation _clients;
    private readonly EventHeap _heap = new();
    private readonly Balancer[] _balancers;
    private readonly FaultStep[] _faults;
    private readonly Recorder _recorder;
    private readonly ArrivalProcess? _arrivals;
    private readonly ClosedArrivals? _closed;
    private readonly Trace? _trace;
    private readonly bool _isReplay;
    private readonly Dice _work, _thinking, _connects;
    private readonly int[]? _turnsOfUsers;
    private readonly long _startOfMeasure, _end;
    private readonly DisruptionProbe _disruption;
    private Dice _who, _where;
    private long _nextArrival = long.MaxValue;
    private long _requests;
    private long _events;
    private bool _applies;

    internal World(Scenario scenario, ComparedScheduler scheduler, ulong seed, ClientPopulation clients)
    {
        (_scenario, _clients) = (scenario, clients);
        (_work, _connects) = (new Dice(seed, Purpose.Service), new Dice(seed, Purpose.Connects));
        (_who, _where, _thinking) = (new Dice(seed, Purpose.Clients), new Dice(seed, Purpose.Spreading), new Dice(seed, Purpose.Thinking));
        _startOfMeasure = VirtualTime.Of(scenario.WarmUp);
        _end = _startOfMeasure + VirtualTime.Of(scenario.MeasuredSeconds);
        Servers = FaultTimeline.Lay(scenario);
        _faults = FaultTimeline.Expand(scenario, Servers, new Dice(seed, Purpose.Faults));
        _trace = scenario.Trace;
        _isReplay = scenario.Arrivals is ReplayedArrivals;
        _recorder = new Recorder(Servers, seed, clients.Count, _startOfMeasure, _end);
        _balancers =
        [
            .. Enumerable.Range(0, scenario.Balancers.Count).Select(index => new Balancer(index, scenario, scheduler.Spec, seed, this)),
        ];
        Array.ForEach(_balancers, balancer => balancer.Apply(Servers));
        _disruption = new DisruptionProbe(_balancers[0]);
        _hasLimits = scenario.Service.Limits is not { MaxSessions: 0, PerSource: null };
        _patience = scenario.Patience is { } patience ? VirtualTime.Of(patience) : 0;
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
    }

    /// <summary>Every backend that there ever is, by id.</summary>
    internal Server[] Servers { get; }

    /// <summary>The time.</summary>
    internal VirtualTime Time { get; } = new();

    /// <summary>What has happened so far.</summary>
    internal long Events => _events;

    /// <summary>The part that is over, 0…1.</summary>
    internal double Part => Math.Min(1, (double)Time.Now / _end);

    /// <summary>Runs to the end, and tells <paramref name="look"/> now and then that it goes on.</summary>
    /// <param name="measuresPicks">Whether to measure what a pick really costs.</param>
    /// <param name="look">Called every few milliseconds; it may throw to end the run.</param>
    internal RunResult Run(bool measuresPicks, Action look)
    {
        Schedule();
        var lastTime = _end + Math.Max(_end, 60 * VirtualTime.PerSecond);
        while (true)
        {
            var heap = _heap.NextTime;
            var next = Math.Min(Math.Min(heap, _nextArrival), NextPatience);
            if (next > lastTime || (_recorder.IsOver && _inFlight == 0))
            {
                break;
            }

            Time.Now = next;
            if (++_events % EventsPerLook == 0)
            {
                look();
            }

            if (next == heap)
            {
                Handle(_heap.Pop(), measuresPicks);
            }
            else if (next == _nextArrival)
            {
                Arrive();
            }
            else
            {
                EndPatience();
            }

            if (_turns.Count > 0)
            {
                TakeTurns();
            }
        }

        CutOff();
        return _recorder.Finish(_disruption.Changes(_startOfMeasure));
    }

    private void Schedule()
    {
        for (var i = 0; i < _faults.Length; i++)
        {
            _heap.Push(_startOfMeasure + _faults[i].At, EventKind.Fault, i);
        }

        _recorder.Schedule(_heap);
        Array.ForEach(_balancers, ArmHealth);
        if (_scenario.Balancers.ShareCountsEvery is { } every)
        {
            _heap.Push(VirtualTime.Of(every), EventKind.ShareCounts, 0);
        }

        for (var user = 0; user < _turnsOfUsers?.Length; user++)
        {
            Think(user);
        }
    }

    private void Handle(in Event e, bool measuresPicks)
    {
        switch (e.Kind)
        {
            case EventKind.Served:
                OnServed(e.Index, e.Stamp);
                break;
            case EventKind.ConnectEnds:
                OnConnectEnds(e.Index, e.Stamp);
                break;
            case EventKind.Thought:
                Ask(e.Index);
                break;
            case EventKind.Fault:
                OnFault(_faults[e.Index]);
                break;
            case EventKind.Health:
                OnHealth(_balancers[e.Index]);
                break;
            case EventKind.CheckEnds:
                OnCheckEnds(e.Index);
                break;
            case EventKind.Apply:
                Apply();
                break;
            case EventKind.DrainEnds:
                OnDrainEnds(Servers[e.Index], e.Stamp);
                break;
            case EventKind.QueueTimeout:
                OnQueueTimeout(e.Index, e.Stamp);
                break;
            case EventKind.ShareCounts:
                ShareCounts();
                break;
            case EventKind.StepEnds:
                OnStepEnds(measuresPicks);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(e));
        }
    }

    private void Arrive()
    {
        var number = _requests++;
        var client = _clients.Draw(_who.Next(), number);
        Begin(number, client, user: -1, _work.At((ulong)number));
        var next = VirtualTime.Of(_arrivals!.Next());
        _nextArrival = next < _end ? next : long.MaxValue;
    }

    /// <summary>A user of a closed loop asks.</summary>
    private void Ask(int user)
    {
        if (Time.Now < _end)
        {
            // By user and turn, not by the order of events, which the scheduler decides.
            Begin(_requests++, ClientOf(user), user, _work.At(((ulong)user << 32) + (uint)_turnsOfUsers![user]));
        }
    }

    private void Think(int user)
    {
        var turn = (uint)_turnsOfUsers![user]++;
        var seconds = _closed!.Think.Of(_thinking.At(((ulong)user << 32) + turn));
        _heap.Push(Time.Now + VirtualTime.Of(seconds), EventKind.Thought, user);
    }

    private int ClientOf(int user) => _clients.Count == 0 ? user : user % _clients.Count;

    private Balancer NextBalancer() => _balancers.Length == 1 ? _balancers[0] : _balancers[_where.Next(_balancers.Length)];

    private void ShareCounts()
    {
        var counts = new int[Servers.Length];
        Array.ForEach(_balancers, balancer => balancer.AddCounts(counts));
        Array.ForEach(_balancers, balancer => balancer.LearnCounts(counts));
        if (!_recorder.IsOver)
        {
            _heap.Push(Time.Now + VirtualTime.Of(_scenario.Balancers.ShareCountsEvery!.Value), EventKind.ShareCounts, 0);
        }
    }

    private void OnStepEnds(bool measuresPicks)
    {
        _recorder.EndStep(Time.Now, Eligible());
        if (_recorder.IsOver && measuresPicks)
        {
            _recorder.PickNanoseconds = PickTimer.Measure(_balancers[0], Time.NowMs);
        }
    }

    private HashSet<int> Eligible()
    {
        var eligible = new HashSet<int>();
        foreach (var balancer in _balancers)
        {
            for (var i = 0; i < balancer.Pool.Size; i++)
            {
                // In a panic also those of no weight are, who were never due anything.
                if (balancer.Pool.IsEligible(i) && balancer.ServerAt(i).Group.Weight > 0)
                {
                    eligible.Add(balancer.ServerAt(i).Id);
                }
            }
        }

        return eligible;
    }

    /// <summary>What hangs to the end is cut off.</summary>
    private void CutOff()
    {
        for (var slot = 0; slot < _slots; slot++)
        {
            ref var request = ref _all[slot];
            if (request.Phase is not (Phase.Free or Phase.GivenUp))
            {
                _recorder.End(in request, succeeded: false, Time.Now);
            }
        }
    }
}
