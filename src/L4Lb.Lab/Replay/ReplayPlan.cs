using System.Globalization;
using L4Lb.Engine.Desired;
using L4Lb.Lab.Reports;
using L4Lb.Lab.Scenarios;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Replay;

/// <summary>What of a log is replayed. Immutable.</summary>
/// <param name="Scenario">The same requests, for simulations.</param>
/// <param name="Sessions">What became of each request, in the order of the trace.</param>
/// <param name="BackendOf">Number of the backend at each address, in the order of the scenario's groups.</param>
/// <param name="Notes">What a reader of the figures should know.</param>
public sealed record ReplayPlan(
    Scenario Scenario, IReadOnlyList<LoggedSession> Sessions, IReadOnlyDictionary<AddressKey, int> BackendOf, IReadOnlyList<string> Notes)
{
    private const int ServicesNamed = 10;

    /// <summary>Makes a plan, or says why there is none.</summary>
    /// <param name="file">The log's name, for readers.</param>
    /// <param name="sessions">What it has.</param>
    /// <param name="options">What is asked.</param>
    public static (ReplayPlan? Plan, string? Problem) Make(string file, IReadOnlyList<LoggedSession> sessions, ReplayOptions options)
    {
        var (service, problem) = Choose(file, sessions, options.Service ?? options.Spec?.Key.ToString());
        if (service is null)
        {
            return (null, problem);
        }

        var shown = ServiceName.Shown(service);
        var all = sessions.Where(s => s.Service == service).ToList();
        var served = all.Where(static s => s.WasServed).OrderBy(static s => s.AcceptedTicks).ToList();
        if (served.Count < 2)
        {
            return (null, $"{file}: of {shown} there {(served.Count == 1 ? "is one session" : "is no session")} that a backend served: nothing to replay");
        }

        var trace = RecordedTrace.Of(served);
        var (groups, backendOf) = BackendsOf(served, options);
        if (groups.Sum(static g => (long)g.Weight) == 0)
        {
            return (null, $"{shown} has no backend with a weight: nobody could be picked");
        }

        var duration = TimeSpan.FromTicks((long)Math.Ceiling(trace.Length * TimeSpan.TicksPerSecond));
        var scenario = new Scenario
        {
            Name = $"replay-{service.Replace(':', '-')}",
            Description = $"What other schedulers would have done with the {Figures.Count(trace.Count)} sessions of {shown} in {file}.",
            Source = SourceOf(file, shown, served, groups, options),
            Schedulers = [.. options.Schedulers],
            Seeds = options.Seeds,
            Backends = [.. groups],
            Arrivals = new ReplayedArrivals(trace) { Rate = trace.Count / duration.TotalSeconds },
            Duration = duration,
            WarmUp = TimeSpan.Zero,
            AnswerBytes = 0,
            Service = options.Spec is { } spec
                ? new ServiceRules { Affinity = spec.Affinity, Limits = spec.Limits, Timeouts = spec.Timeouts, Health = HealthSpec.None }
                : new ServiceRules { Health = HealthSpec.None },
        };
        return (new ReplayPlan(scenario, served, backendOf, [.. NotesOf(all, served, groups, options)]), null);
    }

    /// <summary>The service port that is meant, as <see cref="LoggedSession.Service"/> has it, or why that cannot be said.</summary>
    /// <param name="file">The log's name, for readers.</param>
    /// <param name="sessions">What it has.</param>
    /// <param name="wanted">The one that is asked for, also without namespace or port; null for the only one.</param>
    /// <param name="option">How a reader asks for one.</param>
    public static (string? Service, string? Problem) Choose(
        string file, IReadOnlyList<LoggedSession> sessions, string? wanted, string option = "--service")
    {
        var services = sessions.CountBy(static s => s.Service).OrderByDescending(static s => s.Value).ToList();
        if (wanted is null)
        {
            return services is [var only]
                ? (only.Key, null)
                : (null, $"{file}: has several services, of which {option} names one: {Named(services)}");
        }

        // Names that are none of a Service, as other programs write them, are taken as they are.
        var asked = services.Exists(s => s.Key == wanted) ? wanted : ServiceName.Asked(wanted);
        var found = services.FindAll(s => s.Key == asked || s.Key.StartsWith($"{asked}:", StringComparison.Ordinal));
        return found switch
        {
            [var one] => (one.Key, null),
            [] => (null, $"{file}: has no session of {ShownOf(asked)}; it has {Named(services)}"),
            _ => (null, $"{file}: has several ports of {ShownOf(asked)}, of which {option} names one: {Named(found)}"),
        };
    }

    private static string Named(List<KeyValuePair<string, int>> services) =>
        string.Join(", ", services.Take(ServicesNamed).Select(static s => $"{ServiceName.Shown(s.Key)} ({Figures.Count(s.Value)})"))
        + (services.Count > ServicesNamed ? ", …" : "");

    /// <summary>What was asked for, which may have no port.</summary>
    private static string ShownOf(string asked) => asked.Contains(':') ? ServiceName.Shown(asked) : ServiceName.Shown($"{asked}:")[..^1];

    /// <summary>A group for each backend: those asked for, and those that only the log has, which get nothing any more.</summary>
    private static (List<BackendGroup> Groups, Dictionary<AddressKey, int> BackendOf) BackendsOf(
        List<LoggedSession> served, ReplayOptions options)
    {
        var weights = new Dictionary<AddressKey, int>();
        foreach (var backend in options.Spec?.Backends ?? [])
        {
            weights[AddressKey.From(backend.Address)] = backend.Scopes == BackendScope.None ? 0 : backend.Weight;
        }

        var seen = served.Select(static s => s.Backend!.Value).Distinct().OrderBy(static b => b.Address).ThenBy(static b => b.Port);
        foreach (var backend in seen)
        {
            weights.TryAdd(backend, options.Spec is null ? 1 : 0);
        }

        var mean = Math.Max(served.Average(static s => RecordedTrace.WorkOf(s)), 1e-6);
        var groups = weights.Select(w => new BackendGroup(w.Key.ToString(), 1, new DeterministicTime(mean))
        {
            Weight = w.Value,
            Workers = options.Workers ?? int.MaxValue,
        });
        return ([.. groups], weights.Keys.Index().ToDictionary(static w => w.Item, static w => w.Index));
    }

    private static IEnumerable<string> NotesOf(
        List<LoggedSession> all, List<LoggedSession> served, List<BackendGroup> groups, ReplayOptions options)
    {
        yield return "Each session takes as long as it took, wherever it goes and however many are there"
            + (options.Workers is { } workers ? $", but that a backend serves {workers} at a time. " : ": latencies differ only by the service's queue. ")
            + "What a busier or a slower backend would have made of it is not in a log.";
        yield return "All backends are there, and well, all the time.";
        if (all.Count > served.Count)
        {
            yield return $"{Figures.Count(all.Count - served.Count)} of {Figures.Count(all.Count)} sessions are left out: no backend served them, so nobody knows how long they would have taken.";
        }

        if (served.Any(static s => s.Weight > 1))
        {
            var stand = served.Sum(static s => (double)s.Weight);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The log is a sample: its {Figures.Count(served.Count)} sessions stand for {Figures.Count(stand)}, so there were {stand / served.Count:0.#} times as many at a time.");
        }

        if (groups.Count(static g => g.Weight == 0) is > 0 and var gone && options.Spec is not null)
        {
            yield return $"{gone} of the backends have no weight or are in the log alone: only what is recorded has sessions there.";
        }
    }

    private static string SourceOf(
        string file, string service, List<LoggedSession> served, List<BackendGroup> groups, ReplayOptions options)
    {
        var lines = new List<string>
        {
            "# Recorded, not made up:",
            $"log: {file}",
            $"service: {service}",
            $"from: {Time(served[0])}",
            $"to: {Time(served[^1])}",
            string.Create(CultureInfo.InvariantCulture, $"sessions: {served.Count}"),
            string.Create(CultureInfo.InvariantCulture, $"meanSeconds: {served.Average(static s => RecordedTrace.WorkOf(s)):0.######}"),
            $"workers: {options.Workers?.ToString(CultureInfo.InvariantCulture) ?? "any number"}",
            "backends:",
        };
        lines.AddRange(groups.Take(100).Select(static g => string.Create(CultureInfo.InvariantCulture, $"- {{address: \"{g.Name}\", weight: {g.Weight}}}")));
        return string.Join('\n', lines) + "\n";
    }

    private static string Time(in LoggedSession session) =>
        new DateTime(session.AcceptedTicks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
