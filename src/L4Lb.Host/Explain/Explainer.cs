using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Explain;

/// <summary>
/// Follows a connection through a desired state the way the data plane would, and writes down each decision. Pure;
/// the order of backends comes from the real scheduler.
/// </summary>
internal static class Explainer
{
    private const int NearbyShown = 10;

    /// <summary>What would become of a connection from <paramref name="client"/> to <paramref name="to"/>.</summary>
    public static Explanation Explain(DesiredState desired, IPEndPoint client, Target to)
    {
        // The exact address wins over the wildcard, as it does for the kernel.
        var match = desired.Services.AsSpan().ToArray()
            .SelectMany(s => s.Listens, (service, listen) => (Service: service, Listen: listen))
            .Where(m => m.Service.Protocol == to.Protocol && Covers(m.Listen.Address, to.EndPoint))
            .OrderBy(m => IsWildcard(m.Listen.Address.Address))
            .FirstOrDefault();
        if (match.Service is null)
        {
            return new Explanation
            {
                Client = Name(client),
                To = to.ToString(),
                Verdict = "unknown",
                Summary = $"no service listens on {to}",
                Nearby = Nearby(desired, to),
            };
        }

        var service = ExplainService(match.Service, match.Listen, client, to);
        var (verdict, summary) = Judge(match.Service, match.Listen, service, client);
        return new Explanation { Client = Name(client), To = to.ToString(), Verdict = verdict, Summary = summary, Service = service };
    }

    private static (string Verdict, string Summary) Judge(
        ServiceSpec service, ListenSpec listen, ExplainedService explained, IPEndPoint client)
    {
        var (refuses, end) = service.Protocol == TransportProtocol.Udp
            ? ("drops what the client sends", "the kernel answers that the port is unreachable")
            : ("resets the client", "the kernel refuses the connection");
        if (!SourceWords.Of(listen, client.Address).IsAllowed)
        {
            return ("denied", $"{service.Key} {refuses}: its address is not let in");
        }

        return explained switch
        {
            { Order: [var first, ..] } => ("forwarded", $"{service.Key} forwards it to {first}"),
            _ when explained.Backends.Any(static b => b.Eligible) =>
                ("refused", $"{service.Key} {refuses}: {SchedulerWords.Refusal(service.Scheduler)}"),
            _ => ("refused", $"{service.Key} has no eligible backend, so {end}"),
        };
    }

    private static ExplainedService ExplainService(ServiceSpec service, ListenSpec listen, IPEndPoint client, Target to)
    {
        var source = SourceWords.Of(listen, client.Address);
        var order = TryOrder.Of(service, listen, client, to);
        return new ExplainedService
        {
            Name = service.Key.ToString(),
            Way = listen.Kind.ToString(),
            Listener = listen.Address.ToString(),
            Policy = listen.Scope.ToString(),
            SourceRanges = source.Words,
            Scheduler = SchedulerWords.Name(service.Scheduler),
            SchedulerSummary = SchedulerWords.Summary(service.Scheduler),
            SchedulerParameters = SchedulerWords.Parameters(service.Scheduler),
            Affinity = AffinityWords.Of(service.Affinity, client.Address),
            Health = HealthWords.Of(service.Health),
            Limits = LimitWords.Of(service),
            Datagrams = DatagramWords.Of(service),
            ProxyProtocol = ProxyProtocolWords.Of(service, client.Address),
            Backends =
            [
                .. service.Backends.Select(b => (Backend: b, WhyNot: EligibilityWords.WhyNot(b, listen.Scope)))
                    .Select(static b => new ExplainedBackend(b.Backend.Address.ToString(), b.Backend.Weight, b.WhyNot is null, b.WhyNot)),
            ],
            Order = source.IsAllowed ? [.. order.Backends.Select(static b => b.Address.ToString())] : [],
            OrderNote = order.Note,
        };
    }

    private static bool Covers(IPEndPoint listen, IPEndPoint to) =>
        listen.Port == to.Port
        && (listen.Address.Equals(to.Address)
            || (IsWildcard(listen.Address) && listen.AddressFamily == to.AddressFamily));

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static List<string> Nearby(DesiredState desired, Target to) =>
    [
        .. desired.Services.AsSpan().ToArray()
            .SelectMany(s => s.Listens, (service, listen) => (Service: service, Listen: listen))
            .Where(n => n.Listen.Address.Address.Equals(to.Address) || n.Listen.Address.Port == to.EndPoint.Port)
            .OrderBy(n => !n.Listen.Address.Address.Equals(to.Address))
            .Take(NearbyShown)
            .Select(n => $"{new Target(n.Listen.Address, n.Service.Protocol)} is {n.Service.Key} ({n.Listen.Kind})"),
    ];

    private static string Name(IPEndPoint client) => client.Port == 0 ? client.Address.ToString() : client.ToString();
}
