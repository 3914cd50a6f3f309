using L4Lb.Lab.Measuring;
using L4Lb.Lab.Results;

namespace L4Lb.Lab.Simulation;

/// <summary>
/// Measures a run from the end of its warm-up. Requests count where they began, also those that end after the measured time;
/// loads and shares are those of the measured time itself. For one thread.
/// </summary>
internal sealed class Recorder
{
    private const int Steps = 60;

    private readonly Server[] _servers;
    private readonly ulong _seed;
    private readonly long _start;
    private readonly long _end;
    private readonly Histogram[] _latencies = [.. Enumerable.Range(0, Steps).Select(static _ => new Histogram())];
    private readonly Histogram _waiting = new();
    private readonly BackendLatencies _byServer;
    private readonly int[] _lastServer;
    private readonly long[] _requestsOf = new long[Steps];
    private readonly long[] _errorsOf = new long[Steps];
    private readonly List<IntervalResult> _intervals = [];
    private double[] _timeAt = new double[64];
    private long _requests, _completed, _errors, _retries, _returns, _kept;
    private double _queueBefore, _presentBefore;
    private int _mostInStep;
    private int _step = -1;
    private bool _isMeasuring;

    internal Recorder(Server[] servers, ulong seed, int clients, long start, long end)
    {
        (_servers, _seed, _start, _end) = (servers, seed, start, end);
        _byServer = new BackendLatencies(servers.Length);
        _lastServer = new int[clients];
    }

    /// <summary>Measured time is over.</summary>
    internal bool IsOver => _step == Steps;

    /// <summary>What a pick costs; null when that was not measured.</summary>
    internal double? PickNanoseconds { get; set; }

    /// <summary>Puts the ends of all steps among the events; the first ends the warm-up.</summary>
    internal void Schedule(EventHeap heap)
    {
        for (var step = 0; step <= Steps; step++)
        {
            heap.Push(_start + (long)((double)(_end - _start) * step / Steps), EventKind.StepEnds, step);
        }
    }

    internal void Begin(in Request request)
    {
        if (request.IsMeasured)
        {
            _requests++;
            _requestsOf[StepOf(request.Start)]++;
        }
    }

    /// <summary>Another attempt is made for it.</summary>
    internal void Retry(in Request request) => _retries += request.IsMeasured ? 1 : 0;

    /// <summary>An attempt at a server has failed, or a request there broke off.</summary>
    internal void Fail(Server server) => server.Measure.Failed += _isMeasuring ? 1 : 0;

    /// <summary>A request joins a server, which has not counted it yet.</summary>
    internal void Join(Server server, in Request request, long now)
    {
        Touch(server, now);
        if (_isMeasuring)
        {
            ref var measure = ref server.Measure;
            measure.Given++;
            measure.GivenInStep++;
            measure.Most = Math.Max(measure.Most, server.Count + 1);
            _mostInStep = Math.Max(_mostInStep, server.Count + 1);
        }

        if (_lastServer.Length > 0)
        {
            ref var last = ref _lastServer[request.Client];
            if (last > 0 && _isMeasuring)
            {
                _returns++;
                _kept += last == server.Id + 1 ? 1 : 0;
            }

            last = server.Id + 1;
        }
    }

    /// <summary>A worker begins with it.</summary>
    internal void Serve(in Request request, long now)
    {
        if (request.IsMeasured)
        {
            _waiting.Record((now - request.Start) / VirtualTime.PerMicrosecond);
        }
    }

    /// <summary>Counts how long a server was as it is; before anything about it changes.</summary>
    internal void Touch(Server server, long now)
    {
        if (!_isMeasuring)
        {
            return;
        }

        ref var measure = ref server.Measure;
        var passed = now - measure.Since;
        measure.Since = now;
        if (passed == 0 || (!server.IsPresent && server.Count == 0))
        {
            return;
        }

        if (server.Count >= _timeAt.Length)
        {
            Array.Resize(ref _timeAt, server.Count * 2);
        }

        _timeAt[server.Count] += passed;
        measure.Queue += (double)server.Count * passed;
        measure.BusyTime += (double)server.Busy * passed;
        measure.PresentTime += passed;
    }

    /// <summary>A request is over.</summary>
    internal void End(in Request request, bool succeeded, long now)
    {
        if (!request.IsMeasured)
        {
            return;
        }

        var step = StepOf(request.Start);
        if (succeeded)
        {
            var micros = (now - request.Start) / VirtualTime.PerMicrosecond;
            _completed++;
            _latencies[step].Record(micros);
            _byServer.Record(request.Server!.Id, micros);
        }
        else
        {
            _errors++;
            _errorsOf[step]++;
        }
    }

    /// <summary>The warm-up, or a step, is over.</summary>
    /// <param name="now">When.</param>
    /// <param name="eligible">The servers that may be picked, by id.</param>
    internal void EndStep(long now, HashSet<int> eligible)
    {
        if (++_step == 0)
        {
            _isMeasuring = true;
            foreach (var server in _servers)
            {
                server.Measure = new ServerMeasure { Since = now, Most = server.Count };
            }
        }
        else
        {
            foreach (var server in _servers)
            {
                Touch(server, now);
            }

            _intervals.Add(SumUpStep(eligible));
        }

        _isMeasuring = _step < Steps;
        _mostInStep = _servers.Max(static server => server.Count);
    }

    /// <summary>Everything that was measured; once everything has ended.</summary>
    internal RunResult Finish(IReadOnlyList<ChangeResult> changes)
    {
        var latency = new Histogram();
        for (var i = 0; i < Steps; i++)
        {
            latency.Add(_latencies[i]);
            _intervals[i] = _intervals[i] with
            {
                Requests = _requestsOf[i],
                Errors = _errorsOf[i],
                P50Micros = _latencies[i].Quantile(0.5),
                P99Micros = _latencies[i].Quantile(0.99),
            };
        }

        return new RunResult(_seed, _requests, _completed, _errors, _retries)
        {
            Latency = latency,
            Waiting = _waiting,
            PickNanoseconds = PickNanoseconds,
            Shares = ShareSummary.SharesOf(_servers, _timeAt),
            Backends = ShareSummary.BackendsOf(_servers, _byServer),
            Intervals = _intervals,
            Changes = changes,
            Stickiness = _returns > 0 ? new StickinessResult(_returns, _kept) : null,
        };
    }

    private IntervalResult SumUpStep(HashSet<int> eligible)
    {
        var spread = Spread.Of(
            _servers.Where(s => eligible.Contains(s.Id)).Select(static s => (double)s.Measure.GivenInStep / s.Group.Weight));
        var queue = _servers.Sum(static server => server.Measure.Queue);
        var present = _servers.Sum(static server => (double)server.Measure.PresentTime);
        var mean = present > _presentBefore ? (queue - _queueBefore) / (present - _presentBefore) : 0;
        (_queueBefore, _presentBefore) = (queue, present);
        foreach (var server in _servers)
        {
            server.Measure.GivenInStep = 0;
        }

        var seconds = (double)(_end - _start) / VirtualTime.PerSecond * (_step - 1) / Steps;
        return new IntervalResult(
            seconds, 0, 0, 0, 0, spread.CoefficientOfVariation, spread.MaxOverMean, mean, _mostInStep, eligible.Count);
    }

    private int StepOf(long start) => Math.Min(Steps - 1, (int)((double)(start - _start) * Steps / (_end - _start)));
}
