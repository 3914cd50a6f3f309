using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;
using L4Lb.Host.Running;
using static L4Lb.Host.Telemetry.InstrumentDefinition;

namespace L4Lb.Host.Telemetry;

/// <summary>What is told of the instance as a whole, however many services it has.</summary>
internal static class ProcessInstruments
{
    /// <summary>The instruments.</summary>
    public static IReadOnlyList<InstrumentDefinition> All { get; } =
    [
        Amount("l4lb.build.info", "", "Always 1; the version is an attribute.", InstrumentScope.Process,
            static _ => [Measure.Of(1, "version", Product.Version)]),
        Amount("l4lb.ready", "", "1 while the instance serves; 0 while it starts or drains.", InstrumentScope.Process,
            static r => Measure.One(r.Instance.Phase == InstancePhase.Serving ? 1 : 0)),

        Amount("l4lb.session.active", "{session}", "Sessions open now, UDP flows included.", InstrumentScope.Process,
            static r => Measure.One(r.Totals.Active)),
        Amount("l4lb.flow.active", "{flow}", "UDP flows open now; they are among the active sessions.", InstrumentScope.Process,
            static r => Measure.One(r.Services.Where(static s => s.Spec.Protocol == TransportProtocol.Udp).Sum(static s => s.Active))),
        Amount("l4lb.session.limit", "{session}", "Most sessions at once, as the descriptors of the process allow.", InstrumentScope.Process,
            static r => Measure.One(r.SessionLimit)),
        Amount("l4lb.session.queued", "{session}", "Sessions that wait for room at a backend now.", InstrumentScope.Process,
            static r => Measure.One(r.Services.Sum(static s => s.Waiting))),
        Counter("l4lb.session.accepted", "{session}", "Clients accepted; of UDP, flows begun or refused.", InstrumentScope.Process,
            static r => Measure.One(r.Totals.Accepted)),
        Counter("l4lb.session.closed", "{session}", "Sessions closed, by reason.", InstrumentScope.Process,
            static r => EnumWords<CloseReason>.All.Where(static reason => reason.Value != CloseReason.None)
                .Select(reason => Measure.Of(r.Totals.Closed[reason.Value], MetricTags.Reason, reason.Word))),

        Counter("l4lb.io.bytes", "By", "Bytes handed to backends (from_client) and to clients (from_backend).", InstrumentScope.Process,
            static r => Measure.Directions(r.Totals.BytesFromClients, r.Totals.BytesFromBackends)),
        Counter("l4lb.datagrams", "{datagram}", "Datagrams relayed, by direction.", InstrumentScope.Process,
            static r => Measure.Directions(r.Totals.DatagramsFromClients, r.Totals.DatagramsFromBackends)),
        Counter(
            "l4lb.datagram.dropped", "{datagram}",
            "Datagrams dropped: oversized, or for no_room in a socket or in memory and answers that nobody expected.",
            InstrumentScope.Process,
            static r =>
            [
                Measure.Of(r.Totals.DatagramsOversized, MetricTags.Reason, "oversized"),
                Measure.Of(r.Totals.DatagramsDropped, MetricTags.Reason, "no_room"),
            ]),
        Counter(
            "l4lb.datagram.resent", "{datagram}", "Datagrams sent once more, because a backend turned out to be unreachable.",
            InstrumentScope.Process, static r => Measure.One(r.Totals.DatagramsResent)),

        Counter(
            "l4lb.connect.attempts", "{attempt}", "Attempts to connect that ended; of UDP flows only those that failed are known.",
            InstrumentScope.Process, static r => Outcomes(r.Totals.ConnectTimes.Count, r.Totals.ConnectFailures)),
        Counter("l4lb.connect.retries", "{attempt}", "Attempts to connect that were not their session's first.", InstrumentScope.Process,
            static r => Measure.One(r.Totals.Retries)),
        Counter("l4lb.accept.pauses", "{pause}", "Times that accepting paused for want of descriptors.", InstrumentScope.Process,
            static r => Measure.One(r.Totals.AcceptPauses)),
        Amount("l4lb.listener.state", "{listener}", "Listeners in each state.", InstrumentScope.Process,
            static r => Measure.States(r.Listeners.Select(static l => l.State))),

        Amount("l4lb.config.stale", "", "1 while the newest configuration was refused and an older one is in force.", InstrumentScope.Process,
            static r => Measure.One(r.Instance.IsConfigurationStale ? 1 : 0)),
        Gauge("l4lb.config.revision", "", "Revision of the configuration in force; 0 when none is.", InstrumentScope.Process,
            static r => [new(r.Instance.Revision)]),
        Counter("l4lb.config.reloads", "{load}", "Configurations loaded, the first included, by what became of them.", InstrumentScope.Process,
            static r =>
            [
                Measure.Of(r.Instance.LoadsApplied, MetricTags.Outcome, "applied"),
                Measure.Of(r.Instance.LoadsRefused, MetricTags.Outcome, "refused"),
                Measure.Of(r.Instance.LoadsFailed, MetricTags.Outcome, "failed"),
            ]),
        Amount("l4lb.config.services", "{service_port}", "Service ports in force.", InstrumentScope.Process,
            static r => Measure.One(r.Services.Count)),
        Amount("l4lb.config.backends", "{backend}", "Backends of all service ports in force.", InstrumentScope.Process,
            static r => Measure.One(r.BackendCount)),
        Amount(
            "l4lb.metrics.omitted", "{object}",
            "Service ports and backends that have no series of their own, because there are more than may have.", InstrumentScope.Process,
            static r =>
            [
                Measure.Of(r.Services.Count - r.Series.Count, MetricTags.Kind, "service"),
                Measure.Of(r.BackendCount - r.BackendSeriesCount, MetricTags.Kind, "backend"),
            ]),
        Counter("l4lb.access_log.dropped", "{line}", "Lines of the access log that were dropped.", InstrumentScope.Process,
            static r => Measure.One(r.AccessLogDropped)),
    ];

    /// <summary>Attempts by what became of them.</summary>
    internal static IEnumerable<System.Diagnostics.Metrics.Measurement<long>> Outcomes(
        long connected, long failed, params KeyValuePair<string, object?>[] tags) =>
        [Measure.Of(connected, tags, MetricTags.Outcome, "connected"), Measure.Of(failed, tags, MetricTags.Outcome, "failed")];
}
