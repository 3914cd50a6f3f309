using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Pools;

namespace L4Lb.K8s.Provider;

/// <summary>What the status of a Service is to say: the fields that are ours, and the conditions of others as they are. Pure.</summary>
/// <param name="Ingress"><c>status.loadBalancer.ingress</c>.</param>
/// <param name="Conditions"><c>status.conditions</c>.</param>
internal sealed record ServiceStatus(EquatableArray<LoadBalancerIngress> Ingress, EquatableArray<Condition> Conditions)
{
    /// <summary>Type of the condition that says whether a Service has its address, and if not, why.</summary>
    public const string AddressAssigned = LeadingProvider.AssignedCondition;

    /// <summary>Type of the condition that says that some port cannot be served (KEP-1435).</summary>
    public const string PortsError = "LoadBalancerPortsError";

    /// <summary>Error of a port of a protocol that is not served.</summary>
    public const string ProtocolNotSupported = "l4lb.io/ProtocolNotSupported";

    /// <summary>What it says now.</summary>
    public static ServiceStatus Of(Service service) => new(service.Ingress, service.Conditions);

    /// <summary>What it says of a Service that is none of ours any more.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="keepsIngress">Whether the addresses in it are somebody else's.</param>
    public static ServiceStatus Cleared(Service service, bool keepsIngress) =>
        new(keepsIngress ? service.Ingress : [], Foreign(service).ToEquatableArray());

    /// <summary>What it is to say after a decision.</summary>
    public static ServiceStatus For(Service service, AddressAnswer answer, string ipMode, DateTimeOffset now)
    {
        var ports = answer.Addresses.Count == 0 ? [] : Ports(service);
        var conditions = Foreign(service).ToList();
        conditions.Add(Since(service, now, AddressCondition(service, answer)));
        if (ports.Any(static port => port.Error is not null))
        {
            var unserved = ports.Where(static p => p.Error is not null).Select(static p => $"{p.Port}/{p.Protocol}");
            conditions.Add(Since(service, now, new(
                PortsError, "True", "ProtocolNotSupported", $"TCP and UDP are served, and these are not: {string.Join(", ", unserved)}")));
        }

        return new(
            answer.Addresses.Select(a => new LoadBalancerIngress(a.ToString(), "", ipMode) { Ports = ports }).ToEquatableArray(),
            conditions.ToEquatableArray());
    }

    /// <summary>
    /// The same with a later time, for the server to make a new version of it: whatever is on its way for the one before comes
    /// too late then.
    /// </summary>
    public ServiceStatus ToldAnew(DateTimeOffset now) => this with
    {
        Conditions = Conditions
            .Select(c => c.Type == AddressAssigned ? c with { LastTransitionTime = Later(c.LastTransitionTime, now) } : c)
            .ToEquatableArray(),
    };

    /// <summary>Whether there is nothing to be written where <paramref name="written"/> stands.</summary>
    public bool IsSaidBy(ServiceStatus written) =>
        Ingress.Count == written.Ingress.Count && Ingress.Zip(written.Ingress).All(static pair => IsSame(pair.First, pair.Second))
        && Conditions.Count == written.Conditions.Count
        && Conditions.All(wanted => written.Conditions.Any(c => c with { LastTransitionTime = wanted.LastTransitionTime } == wanted));

    /// <summary>The addresses.</summary>
    public IEnumerable<string> Addresses => Ingress.Where(static i => i.IP.Length > 0).Select(static i => i.IP);

    /// <summary>Our condition about the address; null when there is none.</summary>
    public Condition? Assigned => Conditions.FirstOrDefault(static c => c.Type == AddressAssigned);

    // Servers that do not know ipMode drop it; those that do have put a value there.
    private static bool IsSame(LoadBalancerIngress wanted, LoadBalancerIngress written) =>
        wanted == (written.IPMode is null ? written with { IPMode = wanted.IPMode } : written);

    private static IEnumerable<Condition> Foreign(Service service) =>
        service.Conditions.Where(static condition => condition.Type is not (AddressAssigned or PortsError));

    private static Condition AddressCondition(Service service, AddressAnswer answer)
    {
        if (answer.Addresses.Count == 0)
        {
            return new(AddressAssigned, "False", answer.Problem!.Reason.ToString(), answer.Problem.Message);
        }

        var has = $"{string.Join(", ", answer.Addresses)} of the address pool {answer.Pool}";
        if (answer.Problem is { } problem)
        {
            return new(AddressAssigned, "True", problem.Reason.ToString(), $"keeps {has}; {problem.Message}");
        }

        var missing = service.IPFamilies.Skip(answer.Addresses.Count).Any()
            ? $"; no {string.Join(", ", service.IPFamilies.Except(answer.Addresses.Select(Translation.AddressText.FamilyOf)))} address of it is free"
            : "";
        return new(AddressAssigned, "True", "Assigned", has + missing);
    }

    // Times are written in whole seconds.
    private static DateTimeOffset Later(DateTimeOffset? than, DateTimeOffset now) =>
        than?.AddSeconds(1) is { } next && next > now ? next : now;

    /// <summary>The condition with the time since when it holds.</summary>
    private static Condition Since(Service service, DateTimeOffset now, Condition condition)
    {
        var before = service.Conditions.FirstOrDefault(c => c.Type == condition.Type);
        return condition with { LastTransitionTime = before?.Status == condition.Status ? before.LastTransitionTime ?? now : now };
    }

    /// <summary>Every port, when that says more than the spec does: of several protocols, or of one that is not served.</summary>
    private static EquatableArray<IngressPort> Ports(Service service)
    {
        var protocols = service.Ports.Select(static port => port.Protocol).Distinct().ToList();
        return protocols is ["TCP" or "UDP"] or []
            ? []
            : service.Ports.Select(static port => new IngressPort(
                port.Port, port.Protocol, port.Protocol is "TCP" or "UDP" ? null : ProtocolNotSupported)).ToEquatableArray();
    }
}
