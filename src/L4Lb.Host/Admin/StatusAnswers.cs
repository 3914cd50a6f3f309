using L4Lb.Engine;
using L4Lb.Engine.Sessions;

namespace L4Lb.Host.Admin;

/// <summary>The answer of <c>/api/v1/status</c>: the process at a glance.</summary>
/// <param name="Version">Version of the program.</param>
/// <param name="Started">When the process began, UTC.</param>
/// <param name="Phase"><c>starting</c>, <c>ready</c> or <c>draining</c>.</param>
/// <param name="Revision">Revision of the configuration in force.</param>
/// <param name="ConfigStale">Whether a newer configuration was refused.</param>
/// <param name="Shards">Threads that forward.</param>
/// <param name="Services">Service ports.</param>
/// <param name="Backends">Backends, once for each service port that they serve.</param>
/// <param name="BackendsUsable">Those of them that get new sessions.</param>
/// <param name="ServicesWithoutBackend">Service ports none of whose backends gets any.</param>
/// <param name="ListenersFailed">Addresses that should be listened on and are not.</param>
/// <param name="SessionLimit">Most sessions at once.</param>
/// <param name="Active">Sessions and flows now.</param>
/// <param name="Accepted">Sessions and flows ever.</param>
/// <param name="Closed">Those that are over, by reason; reasons that never were are left out.</param>
/// <param name="ConnectAttempts">Connects started.</param>
/// <param name="ConnectFailures">Connects that failed.</param>
/// <param name="Retries">Connects that were not their session's first.</param>
/// <param name="AcceptPauses">Times that accepting paused for want of descriptors.</param>
/// <param name="Traffic">What was relayed.</param>
/// <param name="DatagramsDropped">Datagrams dropped for want of room, and answers that nobody expected.</param>
/// <param name="DatagramsOversized">Datagrams dropped for their size.</param>
/// <param name="DatagramsResent">Datagrams sent once more, to another backend.</param>
/// <param name="ConnectTime">How long connects took.</param>
internal sealed record StatusAnswer(
    string Version, DateTime Started, string Phase, long Revision, bool ConfigStale, int Shards, int Services, int Backends,
    int BackendsUsable, int ServicesWithoutBackend, int ListenersFailed, int SessionLimit, long Active, long Accepted,
    IReadOnlyDictionary<string, long> Closed, long ConnectAttempts, long ConnectFailures, long Retries, long AcceptPauses,
    TrafficAnswer Traffic, long DatagramsDropped, long DatagramsOversized, long DatagramsResent, DurationAnswer ConnectTime)
{
    /// <summary>What is known now.</summary>
    public static StatusAnswer Of(AdminSources sources, IReadOnlyList<ServiceStatus> services)
    {
        var (state, totals) = (sources.Status.Current, sources.Engine.GetTotals());
        return new StatusAnswer(
            Product.Version,
            sources.Started,
            ReadyAnswer.PhaseOf(state),
            state.Revision,
            state.IsConfigurationStale,
            sources.Engine.Options.Shards,
            services.Count,
            services.Sum(static s => s.Backends.Count),
            services.Sum(static s => s.Backends.Count(static b => b.EffectiveWeight > 0)),
            services.Count(static s => !s.Backends.Any(static b => b.EffectiveWeight > 0)),
            sources.Engine.GetListeners().Count(static l => l.State == ListenerState.Failed),
            sources.Engine.SessionLimit,
            totals.Active,
            totals.Accepted,
            CloseNames.Of(totals.Closed.Where(static c => c.Value > 0)),
            totals.ConnectAttempts,
            totals.ConnectFailures,
            totals.Retries,
            totals.AcceptPauses,
            new TrafficAnswer(
                totals.BytesFromClients, totals.BytesFromBackends, totals.DatagramsFromClients, totals.DatagramsFromBackends),
            totals.DatagramsDropped,
            totals.DatagramsOversized,
            totals.DatagramsResent,
            DurationAnswer.Of(totals.ConnectTimes));
    }
}

/// <summary>What was relayed, ever.</summary>
/// <param name="BytesFromClients">Bytes handed to backends.</param>
/// <param name="BytesFromBackends">Bytes handed to clients.</param>
/// <param name="DatagramsFromClients">Datagrams taken for backends.</param>
/// <param name="DatagramsFromBackends">Datagrams handed to clients.</param>
internal sealed record TrafficAnswer(long BytesFromClients, long BytesFromBackends, long DatagramsFromClients, long DatagramsFromBackends)
{
    /// <summary>What is known of <paramref name="traffic"/>.</summary>
    public static TrafficAnswer Of(TrafficStatus traffic) => new(
        traffic.BytesFromClients, traffic.BytesFromBackends, traffic.DatagramsFromClients, traffic.DatagramsFromBackends);
}

/// <summary>
/// How long something took, ever: the difference of two answers tells of the time between them.
/// </summary>
/// <param name="Count">How many there were.</param>
/// <param name="SumMicros">How long they took together, in microseconds.</param>
/// <param name="P50Micros">Half of them took at most this long, in microseconds, to an eighth; null when there were none.</param>
/// <param name="P99Micros">Likewise 99 of 100.</param>
/// <param name="Buckets">
/// Each three numbers: a bound in microseconds (-1 for none), how many were shorter than it, and what these were not shorter than;
/// empty ones are left out.
/// </param>
internal sealed record DurationAnswer(
    long Count, long SumMicros, long? P50Micros, long? P99Micros, IReadOnlyList<IReadOnlyList<long>> Buckets)
{
    /// <summary>What is known of <paramref name="histogram"/>.</summary>
    public static DurationAnswer Of(DurationHistogram histogram) => new(
        histogram.Count,
        histogram.SumMicros,
        Micros(histogram.Quantile(0.5)),
        Micros(histogram.Quantile(0.99)),
        [.. histogram.Buckets.Select(static b => (IReadOnlyList<long>)[b.EndMicros ?? -1, b.Count, b.StartMicros])]);

    private static long? Micros(TimeSpan? time) => time is { } known ? (long)known.TotalMicroseconds : null;
}

/// <summary>Close reasons as JSON has them.</summary>
internal static class CloseNames
{
    /// <summary>Reason → count, by name.</summary>
    public static IReadOnlyDictionary<string, long> Of(IEnumerable<KeyValuePair<CloseReason, long>> closed) =>
        closed.ToDictionary(static c => WordOf.Value(c.Key), static c => c.Value);
}
