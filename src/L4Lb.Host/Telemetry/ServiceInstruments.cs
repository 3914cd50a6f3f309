using System.Diagnostics.Metrics;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;
using static L4Lb.Host.Telemetry.InstrumentDefinition;

namespace L4Lb.Host.Telemetry;

/// <summary>What is told of each service port that has series of its own.</summary>
internal static class ServiceInstruments
{
    /// <summary>The instruments.</summary>
    public static IReadOnlyList<InstrumentDefinition> All { get; } =
    [
        Amount("l4lb.service.sessions", "{session}", "Sessions of a service port open now.", InstrumentScope.Service(),
            Each(static s => s.Active)),
        Amount(
            "l4lb.service.session.limit", "{session}", "Most sessions of a service port at once, where there is such a limit.",
            InstrumentScope.Service(), Each(static s => s.Spec.Limits.MaxSessions, static s => s.Spec.Limits.MaxSessions > 0)),
        Amount(
            "l4lb.service.queued", "{session}", "Sessions of a service port that wait for room now, where they may.",
            InstrumentScope.Service(), Each(static s => s.Waiting, static s => s.Spec.Limits.QueueLength > 0)),
        Counter("l4lb.service.accepted", "{session}", "Sessions of a service port ever.", InstrumentScope.Service(),
            Each(static s => s.Total)),
        Counter("l4lb.service.closed", "{session}", "Sessions of a service port closed, by reason.",
            InstrumentScope.Service(EnumWords<CloseReason>.All.Count),
            static r => r.Series.SelectMany(static s => s.Status.Sessions.Closed.Select(
                pair => Measure.Of(pair.Value, s.Tags, MetricTags.Reason, EnumWords<CloseReason>.Of(pair.Key))))),
        Counter("l4lb.service.io.bytes", "By", "Bytes relayed for a service port, by direction.", InstrumentScope.Service(2),
            static r => r.Series.SelectMany(static s => Measure.Directions(
                s.Status.Sessions.Traffic.BytesFromClients, s.Status.Sessions.Traffic.BytesFromBackends, s.Tags))),
        Counter("l4lb.service.datagrams", "{datagram}", "Datagrams relayed for a UDP port, by direction.", InstrumentScope.Service(2),
            static r => r.Series.Where(static s => s.Status.Spec.Protocol == TransportProtocol.Udp).SelectMany(
                static s => Measure.Directions(
                    s.Status.Sessions.Traffic.DatagramsFromClients, s.Status.Sessions.Traffic.DatagramsFromBackends, s.Tags))),
        Counter("l4lb.service.connect.attempts", "{attempt}", "Attempts to connect for a service port that ended.", InstrumentScope.Service(2),
            static r => r.Series.SelectMany(static s => ProcessInstruments.Outcomes(
                s.Status.Sessions.ConnectTimes.Count, s.Status.Sessions.ConnectFailures, s.Tags))),
        Counter(
            "l4lb.service.connect.retries", "{attempt}", "Attempts to connect for a service port that were not their session's first.",
            InstrumentScope.Service(), Each(static s => s.Sessions.Retries)),
        Amount("l4lb.service.backends", "{backend}", "Backends of a service port in each state of health.",
            InstrumentScope.Service(EnumWords<HealthState>.All.Count),
            static r => r.Series.SelectMany(static s => Measure.States(s.Status.Backends.Select(static b => b.Health.State), s.Tags))),
        Amount(
            "l4lb.service.eligible_backends", "{backend}", "Backends of a service port that get new sessions.", InstrumentScope.Service(),
            Each(static s => s.Backends.Count(static b => b.EffectiveWeight > 0))),

        Amount("l4lb.affinity.entries", "{client}", "Clients that an affinity table remembers.", InstrumentScope.Service(),
            Affinity(static a => a.Entries)),
        Amount("l4lb.affinity.limit", "{client}", "Most clients that an affinity table remembers.", InstrumentScope.Service(),
            Affinity(static a => a.MaxEntries)),
        Counter("l4lb.affinity.hits", "{session}", "New sessions whose client kept its backend.", InstrumentScope.Service(),
            Affinity(static a => a.Hits)),
        Counter("l4lb.affinity.misses", "{session}", "New sessions whose client kept no backend.", InstrumentScope.Service(),
            Affinity(static a => a.Misses)),
        Counter(
            "l4lb.affinity.moves", "{client}", "Clients that went over to another backend, because theirs was gone or did not answer.",
            InstrumentScope.Service(), Affinity(static a => a.Moves)),
        Counter("l4lb.affinity.evictions", "{client}", "Clients forgotten before their time, to make room.", InstrumentScope.Service(),
            Affinity(static a => a.Evictions)),
        Counter("l4lb.affinity.expirations", "{client}", "Clients forgotten because they stayed away.", InstrumentScope.Service(),
            Affinity(static a => a.Expirations)),

        Amount("l4lb.source.known", "{source}", "Client addresses remembered, where they are limited.", InstrumentScope.Service(),
            Sources(static s => s.Count)),
        Amount("l4lb.source.denied", "{source}", "Client addresses denied now.", InstrumentScope.Service(), Sources(static s => s.Denied)),
        Counter("l4lb.source.refused", "{session}", "Sessions refused because of their client's address.", InstrumentScope.Service(),
            Sources(static s => s.Refused)),
    ];

    private static Func<MetricsReading, IEnumerable<Measurement<long>>> Each(
        Func<ServiceStatus, long> value, Func<ServiceStatus, bool>? where = null) =>
        reading => reading.Series.Where(s => where?.Invoke(s.Status) ?? true)
            .Select(s => new Measurement<long>(value(s.Status), s.Tags.AsSpan()));

    private static Func<MetricsReading, IEnumerable<Measurement<long>>> Affinity(Func<AffinityStatus, long> value) =>
        Each(s => value(s.Affinity!), static s => s.Affinity is not null);

    private static Func<MetricsReading, IEnumerable<Measurement<long>>> Sources(Func<SourceStatus, long> value) =>
        Each(s => value(s.Sources!), static s => s.Sources is not null);
}
