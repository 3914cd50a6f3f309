using static L4Lb.Host.Telemetry.InstrumentDefinition;

namespace L4Lb.Host.Telemetry;

/// <summary>What is told of the names that an instance answers for; nothing without <c>--dns</c>.</summary>
internal static class DnsInstruments
{
    /// <summary>The instruments.</summary>
    public static IReadOnlyList<InstrumentDefinition> All { get; } =
    [
        Counter("l4lb.dns.questions", "{question}", "DNS questions, by transport.", InstrumentScope.Process,
            static r => r.Dns is not { } dns ? [] :
            [
                Measure.Of(dns.ByDatagram, MetricTags.Transport, "udp"),
                Measure.Of(dns.ByStream, MetricTags.Transport, "tcp"),
            ]),
        Counter("l4lb.dns.limited", "{question}", "DNS questions by UDP that were sent to TCP, since their client had had its share.",
            InstrumentScope.Process, static r => r.Dns is not { } dns ? [] : Measure.One(dns.Limited)),
        Counter("l4lb.dns.forwarded", "{question}", "DNS questions for which upstreams were asked, by what became of them.",
            InstrumentScope.Process,
            static r => r.Dns is not { } dns ? [] :
            [
                Measure.Of(dns.PassedOn - dns.Failed, MetricTags.Outcome, "answered"),
                Measure.Of(dns.Failed, MetricTags.Outcome, "failed"),
            ]),
    ];
}
