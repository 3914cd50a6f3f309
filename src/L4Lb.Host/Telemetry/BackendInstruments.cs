using System.Diagnostics.Metrics;
using L4Lb.Engine;
using static L4Lb.Host.Telemetry.InstrumentDefinition;

namespace L4Lb.Host.Telemetry;

/// <summary>What is told of each backend that has series of its own.</summary>
internal static class BackendInstruments
{
    /// <summary>The instruments.</summary>
    public static IReadOnlyList<InstrumentDefinition> All { get; } =
    [
        Amount(
            "l4lb.backend.healthy", "", "1 unless a backend is down, ejected or in maintenance; one that nobody checks counts as healthy.",
            InstrumentScope.Backend(), Each(static b => b.Health.State is HealthState.Unchecked or HealthState.Up ? 1 : 0)),
        Gauge("l4lb.backend.weight", "", "Weight of a backend now; 0 gets no new sessions.", InstrumentScope.Backend(),
            static r => r.Series.SelectMany(static s => s.Backends)
                .Select(static b => new Measurement<double>(b.Status.EffectiveWeight, b.Tags.AsSpan()))),
        Amount("l4lb.backend.drained", "", "1 while an operator keeps new sessions from a backend.", InstrumentScope.Backend(),
            Each(static b => b.IsDrained ? 1 : 0)),
        Amount("l4lb.backend.sessions", "{session}", "Sessions at a backend now.", InstrumentScope.Backend(),
            Each(static b => b.Active)),
        Counter("l4lb.backend.accepted", "{session}", "Sessions that were given to a backend, those whose connect failed included.", InstrumentScope.Backend(),
            Each(static b => b.Total)),
        Counter("l4lb.backend.connect.failures", "{attempt}", "Attempts to connect to a backend that failed.", InstrumentScope.Backend(),
            Each(static b => b.ConnectFailures)),
        Counter("l4lb.backend.io.bytes", "By", "Bytes relayed to a backend (from_client) and from it (from_backend).", InstrumentScope.Backend(2),
            static r => r.Series.SelectMany(static s => s.Backends)
                .SelectMany(static b => Measure.Directions(b.Status.Traffic.BytesFromClients, b.Status.Traffic.BytesFromBackends, b.Tags))),
        Counter("l4lb.backend.checks", "{check}", "Active checks of a backend, where there are any, by outcome.", InstrumentScope.Backend(2),
            static r => r.Series.SelectMany(static s => s.Backends).Where(static b => b.Status.Health.Checks > 0).SelectMany(Checks)),
        Counter("l4lb.backend.ejections", "{ejection}", "Times that a backend was left alone because sessions could not use it.",
            InstrumentScope.Backend(), Each(static b => b.Health.Ejections, static b => b.Health.Ejections > 0)),
    ];

    private static IEnumerable<Measurement<long>> Checks((BackendStatus Status, KeyValuePair<string, object?>[] Tags) backend)
    {
        var health = backend.Status.Health;
        return
        [
            Measure.Of(health.Checks - health.ChecksFailed, backend.Tags, MetricTags.Outcome, "passed"),
            Measure.Of(health.ChecksFailed, backend.Tags, MetricTags.Outcome, "failed"),
        ];
    }

    private static Func<MetricsReading, IEnumerable<Measurement<long>>> Each(
        Func<BackendStatus, long> value, Func<BackendStatus, bool>? where = null) =>
        reading => reading.Series.SelectMany(static s => s.Backends).Where(b => where?.Invoke(b.Status) ?? true)
            .Select(b => new Measurement<long>(value(b.Status), b.Tags.AsSpan()));
}
