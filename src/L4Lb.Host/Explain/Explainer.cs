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
        if (!IsAllowed(listen, client.Address))
        {
            return ("denied", $"{service.Key} resets the client: its address is outside the source ranges");
        }

        return explained.Order switch
        {
            [] => ("refused", $"{service.Key} has no eligible backend, so the kernel refuses the connection"),
            [var first, ..] => ("forwarded", $"{service.Key} forwards it to {first}"),
        };
    }

    private static ExplainedService ExplainService(ServiceSpec service, ListenSpec listen, IPEndPoint client, Target to)
    {
        var eligible = service.Backends.AsSpan().ToArray().Where(b => WhyNot(b, listen.Scope) is null).ToArray();
        return new ExplainedService
        {
            Name = service.Key.ToString(),
            Way = listen.Kind.ToString(),
            Listener = listen.Address.ToString(),
            Policy = listen.Scope.ToString(),
            SourceRanges = SourceRanges(listen, client.Address),
            Scheduler = Describe(service.Scheduler),
            Affinity = Describe(service.Affinity, client.Address),
            Backends =
            [
                .. service.Backends.AsSpan().ToArray().Select(b =>
                    new ExplainedBackend(
                        b.Address.ToString(), b.Weight, WhyNot(b, listen.Scope) is null, WhyNot(b, listen.Scope) ?? b.Reason)),
            ],
            Order = IsAllowed(listen, client.Address)
                ? [.. TryOrder.Of(service, eligible, client, to).Select(b => b.Address.ToString())]
                : [],
            OrderNote = "now, with idle backends and nothing remembered",
        };
    }

    private static string? WhyNot(BackendSpec backend, BackendScope scope) => backend switch
    {
        { Scopes: BackendScope.None } => backend.Reason ?? "not eligible under any policy",
        _ when (backend.Scopes & scope) == 0 => backend.Reason ?? $"not for the policy {scope}",
        { Weight: 0 } => "weight 0",
        _ => null,
    };

    private static string SourceRanges(ListenSpec listen, IPAddress client)
    {
        if (listen.SourceRanges.Count == 0)
        {
            return "everyone is let in";
        }

        foreach (var range in listen.SourceRanges)
        {
            if (range.Contains(client))
            {
                return $"{client} is let in by {range}";
            }
        }

        return $"{client} is in none of {string.Join(", ", (IEnumerable<IPNetwork>)listen.SourceRanges)}";
    }

    private static bool IsAllowed(ListenSpec listen, IPAddress client) =>
        listen.SourceRanges.Count == 0 || ((IEnumerable<IPNetwork>)listen.SourceRanges).Any(r => r.Contains(client));

    private static string Describe(SchedulerSpec scheduler) => string.Join(
        ",",
        [scheduler.Name, .. ((IEnumerable<SchedulerParameter>)scheduler.Parameters).Select(p => p.Value.Length > 0 ? $"{p.Name}={p.Value}" : p.Name)]);

    private static string? Describe(AffinitySpec? affinity, IPAddress client) => affinity is null
        ? null
        : $"{client} keeps the backend of its last session for {affinity.Timeout.TotalSeconds:0} s"
            + (affinity.Scope == AffinityScope.Service ? ", on every port of the Service" : "");

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
