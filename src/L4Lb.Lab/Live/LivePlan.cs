using System.Globalization;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Live;

/// <summary>What a scenario comes to on sockets, before any is opened.</summary>
/// <param name="Problem">Why it cannot be run, and what would help; null when it can.</param>
/// <param name="Warnings">What of it is another than in the scenario, each with its field.</param>
public sealed record LivePlan(string? Problem, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// Requests per real second that are taken on: one thread does each in some 40 µs, both ends, and beyond a third of what it can
    /// do it would mostly measure itself.
    /// </summary>
    public const double RateMost = 8000;

    /// <summary>Descriptors that are used at most, whatever the limit is.</summary>
    public const int DescriptorsMost = 20_000;

    internal const int AnswerBytesMost = 256 * 1024;
    internal const int AnswerBytesMostUdp = 1200;

    // Client, both sides of the balancer, backend.
    private const int DescriptorsPerRequest = 4;
    private const int DescriptorsOfOthers = 256;

    // Room for queues.
    private const double QueueFactor = 3;

    /// <summary>Judges <paramref name="scenario"/>. Opens nothing.</summary>
    public static LivePlan Of(Scenario scenario, LiveOptions options) =>
        new(Refusal(scenario, options), [.. Warn(scenario, options)]);

    /// <summary>Real seconds that all runs take, but for what is left over at their ends.</summary>
    public static double SecondsOf(Scenario scenario, LiveOptions options) =>
        RunsOf(scenario, options) * (scenario.WarmUp.TotalSeconds + scenario.MeasuredSeconds) * options.TimeScale;

    /// <summary>Requests that may be open at a time.</summary>
    internal static int InFlightMost(Scenario scenario) =>
        Math.Max(1, (Descriptors() - DescriptorsOfOthers - AllBackends(scenario)) / DescriptorsPerRequest);

    /// <summary>The schedulers that are run: of another balancer, the one that it has.</summary>
    internal static IReadOnlyList<ComparedScheduler> SchedulersOf(Scenario scenario, LiveOptions options) =>
        options.Target is { } target ? [new ComparedScheduler(target.ToString(), SchedulerSpec.RoundRobin)] : [.. scenario.Schedulers];

    /// <summary>The rules of the service in real time.</summary>
    internal static ServiceRules RulesFor(Scenario scenario, LiveOptions options)
    {
        var (rules, scale) = (scenario.Service, options.TimeScale);
        var (health, timeouts, limits) = (rules.Health, rules.Timeouts, rules.Limits);
        return rules with
        {
            Health = health with
            {
                Probe = CanProbe(health.Probe, options) ? health.Probe! with
                {
                    Port = null,
                    Interval = health.Probe.Interval * scale,
                    FastInterval = health.Probe.FastInterval * scale,
                    DownInterval = health.Probe.DownInterval * scale,
                    Timeout = health.Probe.Timeout * scale,
                }
                : null,
                Outlier = health.Outlier is { } outlier ? outlier with
                {
                    Interval = outlier.Interval * scale,
                    BaseEjection = outlier.BaseEjection * scale,
                    MaxEjection = outlier.MaxEjection * scale,
                }
                : null,
                SlowStart = health.SlowStart is { } slow ? slow with { Window = slow.Window * scale } : null,
            },
            Timeouts = timeouts with
            {
                ConnectTimeouts = timeouts.ConnectTimeouts.Select(t => t * scale).ToEquatableArray(),
                ConnectBudget = timeouts.ConnectBudget * scale,
                Drain = timeouts.Drain * scale,
            },
            Limits = limits with { QueueTimeout = limits.QueueTimeout * scale },
        };
    }

    private static int RunsOf(Scenario scenario, LiveOptions options) => SchedulersOf(scenario, options).Count * scenario.Seeds.Count;

    private static string? Refusal(Scenario scenario, LiveOptions options)
    {
        if (options.Target is { } target && !IPAddress.IsLoopback(target.Address) && !options.OwnsTarget)
        {
            return $"{target} is not on this machine: load goes only where whoever runs this says --i-own-this-target";
        }

        if (options.Target is not null && options.BackendPort is null)
        {
            return "another balancer must know where the backends are: --backend-port PORT, which is the first one's on 127.0.0.1";
        }

        if (options.BackendPort + AllBackends(scenario) - 1 > IPEndPoint.MaxPort)
        {
            return $"--backend-port {options.BackendPort}: {AllBackends(scenario)} backends have no room up to port {IPEndPoint.MaxPort}";
        }

        var (rate, most) = (PeakRate(scenario) / options.TimeScale, InFlightMost(scenario));
        if (rate > RateMost)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"would be up to {rate:#,##0} requests a second, and one machine offers {RateMost:#,##0}: "
                + $"try --rate {Math.Floor(scenario.OfferedRate * RateMost / rate):0}, a smaller --load, or --time-scale {Math.Ceiling(rate / RateMost * options.TimeScale * 10) / 10:0.#}");
        }

        if (AllBackends(scenario) + DescriptorsOfOthers + DescriptorsPerRequest > Descriptors())
        {
            return $"has {AllBackends(scenario)} backends, each of which needs a descriptor, and there are {Descriptors()}: a smaller scenario fits, or l4lb lab simulate";
        }

        var inFlight = InFlight(scenario) * QueueFactor;
        return inFlight <= most ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"would have some {inFlight:#,##0} requests open, of which descriptors allow {most:#,##0} ({Descriptors():#,##0} at most, {DescriptorsPerRequest} for each): try a smaller --rate or --load");
    }

    private static IEnumerable<string> Warn(Scenario scenario, LiveOptions options)
    {
        if (scenario.Balancers != new BalancerSpec())
        {
            yield return "spec.balancers: there is one balancer, which knows all backends";
        }

        if (scenario.Backends.Any(static g => g.Connect is not null))
        {
            yield return "spec.backends[].connect: a connect takes what loopback takes";
        }

        if (options.IsUdp && scenario.Backends.Any(static g => g.Queue is not null))
        {
            yield return "spec.backends[].queue: a backend that is full drops datagrams, which nobody is told";
        }

        if (scenario.AnswerBytes > (options.IsUdp ? AnswerBytesMostUdp : AnswerBytesMost))
        {
            yield return $"spec.answerBytes: answers have {(options.IsUdp ? AnswerBytesMostUdp : AnswerBytesMost)} bytes";
        }

        if (scenario.Service.Health.Probe is { } probe && !CanProbe(probe, options))
        {
            yield return $"spec.service.annotations: the lab's backends do not answer health checks by {probe.Kind}: there are none";
        }

        if (scenario.Service.Limits.PerSource is not null && options.TimeScale != 1)
        {
            yield return "spec.service.annotations: limits per source are in real time, whatever --time-scale";
        }

        if (options.Target is not null)
        {
            yield return "spec.service, spec.schedulers: the balancer at --target has its own rules";
            if (scenario.Faults.Any(static f => f is RollingUpdate or AddFault or RemoveFault))
            {
                yield return "spec.faults: nobody tells the balancer at --target who joins or leaves";
            }
        }

        foreach (var late in LateFaults.Of(scenario))
        {
            yield return late.Note;
        }

        if (MeanWork(scenario) * options.TimeScale < 0.005)
        {
            yield return "spec.backends[].work: shorter than 5 ms on average, of which what sockets and timers cost is a good part: --time-scale makes it longer";
        }
    }

    private static bool CanProbe(ProbeSpec? probe, LiveOptions options) => probe?.Kind is ProbeKind.Tcp or ProbeKind.Http && !options.IsUdp;

    private static int Descriptors() => Math.Min(Engine.Interop.Descriptors.Limit(), DescriptorsMost);

    private static int AllBackends(Scenario scenario) => Simulation.FaultTimeline.Lay(scenario).Length;

    private static double PeakRate(Scenario scenario) => scenario.Arrivals switch
    {
        BurstArrivals bursts => scenario.OfferedRate * bursts.Peak,
        DiurnalArrivals diurnal => scenario.OfferedRate * (1 + diurnal.Amplitude),
        LoggedArrivals logged => scenario.OfferedRate * logged.Trace.PeakOfMean,
        ClosedArrivals closed => Math.Min(closed.Users / Math.Max(closed.Think.Mean, 1e-6), scenario.Capacity),
        _ => scenario.OfferedRate,
    };

    private static double MeanWork(Scenario scenario) =>
        scenario.Backends.Sum(static g => g.Count * g.Work.Mean) / Math.Max(1, scenario.BackendCount);

    /// <summary>Requests at backends on average (Little, 1961), without those that wait.</summary>
    private static double InFlight(Scenario scenario) =>
        scenario.Arrivals is ClosedArrivals closed ? closed.Users / QueueFactor : scenario.OfferedRate * MeanWork(scenario);
}
