using L4Lb.Engine;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Logging;

/// <summary>
/// Every message of the process with its event id. Ids are a contract: alerts are built on them, so they are never
/// given to another message. 1xx life, 2xx configuration, 3xx listeners, 4xx access log, 5xx addresses,
/// 6xx health, 7xx operators, 8xx what is kept over restarts, 9xx a cluster (<see cref="ClusterLog"/>).
/// </summary>
internal static partial class HostLog
{
    [LoggerMessage(100, LogLevel.Information, "l4lb {version} started, {shards} shards, revision {revision}: {services} service ports, {listeners} listeners")]
    public static partial void Started(ILogger logger, string version, int shards, long revision, int services, int listeners);

    [LoggerMessage(101, LogLevel.Information, "admin API on {address}")]
    public static partial void AdminStarted(ILogger logger, string address);

    [LoggerMessage(102, LogLevel.Information, "stopping on {signal}: draining for at most {timeout}")]
    public static partial void Draining(ILogger logger, string signal, string timeout);

    [LoggerMessage(103, LogLevel.Information, "stopped; {reset} sessions were still open and were reset")]
    public static partial void Stopped(ILogger logger, int reset);

    [LoggerMessage(104, LogLevel.Information, "DNS on {address} for {domain}")]
    public static partial void DnsStarted(ILogger logger, string address, string domain);

    [LoggerMessage(EventId = 200, Message = "revision {revision} is in force ({trigger}): {changed} service ports changed; read in {readMs:F1} ms, in force {applyMs:F1} ms later")]
    public static partial void Applied(
        ILogger logger, LogLevel level, long revision, string trigger, int changed, double readMs, double applyMs);

    [LoggerMessage(201, LogLevel.Error, "configuration refused ({trigger}), revision {revision} stays in force: {errors} errors")]
    public static partial void Refused(ILogger logger, string trigger, long revision, int errors);

    [LoggerMessage(202, LogLevel.Error, "{diagnostic}")]
    public static partial void ConfigurationError(ILogger logger, string diagnostic);

    [LoggerMessage(203, LogLevel.Warning, "{diagnostic}")]
    public static partial void ConfigurationWarning(ILogger logger, string diagnostic);

    [LoggerMessage(204, LogLevel.Warning, "cannot be notified of changes below {path}, looking every {interval}: {problem}")]
    public static partial void WatchDegraded(ILogger logger, string path, TimeSpan interval, string problem);

    [LoggerMessage(205, LogLevel.Error, "reload failed ({trigger}), revision {revision} stays in force")]
    public static partial void ReloadFailed(ILogger logger, Exception exception, string trigger, long revision);

    [LoggerMessage(206, LogLevel.Warning, "there is nothing to serve")]
    public static partial void NothingToServe(ILogger logger);

    [LoggerMessage(300, LogLevel.Information, "{service} on {listens} ({scheduler}): {eligible} of {backends} backends")]
    public static partial void ServiceInForce(
        ILogger logger, ServiceKey service, string listens, string scheduler, int eligible, int backends);

    [LoggerMessage(301, LogLevel.Information, "and {count} more")]
    public static partial void More(ILogger logger, int count);

    [LoggerMessage(302, LogLevel.Warning, "{service} does not listen on {address}: {problem}")]
    public static partial void ListenerFailed(ILogger logger, ServiceKey service, string address, string? problem);

    [LoggerMessage(400, LogLevel.Warning, "access log: {dropped} lines dropped, the writer cannot keep up")]
    public static partial void AccessLogDropped(ILogger logger, long dropped);

    [LoggerMessage(401, LogLevel.Error, "access log {path}: lines are lost until it can be written again: {problem}")]
    public static partial void AccessLogFailed(ILogger logger, string path, string problem);

    [LoggerMessage(402, LogLevel.Information, "access log {path}: written again, {lost} bytes were lost")]
    public static partial void AccessLogRecovered(ILogger logger, string path, long lost);

    [LoggerMessage(500, LogLevel.Information, "address {address} added to {iface}")]
    public static partial void AddressAdded(ILogger logger, string address, string iface);

    [LoggerMessage(501, LogLevel.Information, "address {address} removed from {iface}")]
    public static partial void AddressRemoved(ILogger logger, string address, string iface);

    [LoggerMessage(502, LogLevel.Warning, "address {address} on {iface}: {problem}")]
    public static partial void AddressFailed(ILogger logger, string address, string iface, string problem);

    [LoggerMessage(503, LogLevel.Information, "address {address}: {before} → {after}: {reason}")]
    public static partial void AddressState(
        ILogger logger, string address, Announcing.AddressState before, Announcing.AddressState after, string reason);

    [LoggerMessage(504, LogLevel.Warning, "AddressConflict: {other} on {iface} says that {address} is its own")]
    public static partial void AddressConflict(ILogger logger, string address, string other, string iface);

    [LoggerMessage(505, LogLevel.Error, "an address could not be looked after")]
    public static partial void AnnouncerFailed(ILogger logger, Exception exception);

    [LoggerMessage(600, LogLevel.Warning, "backend {backend} of {service} is down: {reason}")]
    public static partial void BackendDown(ILogger logger, AddressKey backend, ServiceKey service, string reason);

    [LoggerMessage(601, LogLevel.Information, "backend {backend} of {service} is up: {reason}")]
    public static partial void BackendUp(ILogger logger, AddressKey backend, ServiceKey service, string reason);

    [LoggerMessage(602, LogLevel.Warning, "backend {backend} of {service} is ejected: {reason}")]
    public static partial void BackendEjected(ILogger logger, AddressKey backend, ServiceKey service, string reason);

    [LoggerMessage(603, LogLevel.Information, "backend {backend} of {service} is in use again after its ejection")]
    public static partial void BackendReturns(ILogger logger, AddressKey backend, ServiceKey service);

    [LoggerMessage(604, LogLevel.Information, "backend {backend} of {service} is in maintenance: {reason}")]
    public static partial void BackendMaintenance(ILogger logger, AddressKey backend, ServiceKey service, string reason);

    [LoggerMessage(605, LogLevel.Information, "backend {backend} of {service} drains, as its agent asked")]
    public static partial void BackendDrains(ILogger logger, AddressKey backend, ServiceKey service);

    [LoggerMessage(606, LogLevel.Information, "backend {backend} of {service} no longer drains")]
    public static partial void BackendDrainsNoMore(ILogger logger, AddressKey backend, ServiceKey service);

    [LoggerMessage(607, LogLevel.Information, "backend {backend} of {service} is no longer checked")]
    public static partial void BackendUnchecked(ILogger logger, AddressKey backend, ServiceKey service);

    [LoggerMessage(608, LogLevel.Debug, "backend {backend} of {service} is found up: {reason}")]
    public static partial void BackendFoundUp(ILogger logger, AddressKey backend, ServiceKey service, string reason);

    [LoggerMessage(700, LogLevel.Information, "operator at {remote}: {action}: {target}")]
    public static partial void OperatorAction(ILogger logger, string remote, string action, string target);

    [LoggerMessage(701, LogLevel.Warning, "refused to {remote}: {method} {path}: {why}")]
    public static partial void OperatorRefused(ILogger logger, string remote, string method, string path, string why);

    [LoggerMessage(800, LogLevel.Information, "affinity: {restored} of {read} clients in {path} keep their backends")]
    public static partial void AffinityRestored(ILogger logger, int restored, int read, string path);

    [LoggerMessage(801, LogLevel.Warning, "affinity: {path} is passed over, every client is scheduled anew: {problem}")]
    public static partial void AffinityIgnored(ILogger logger, string path, string problem);

    [LoggerMessage(802, LogLevel.Error, "affinity: {path} cannot be written, a restart would forget who had which backend: {problem}")]
    public static partial void AffinityNotKept(ILogger logger, string path, string problem);

    [LoggerMessage(803, LogLevel.Information, "affinity: {path} is written again")]
    public static partial void AffinityRecovered(ILogger logger, string path);

    /// <summary>Says which services are in force, the first few of them, and which listeners are not.</summary>
    public static void Summary(ILogger logger, IReadOnlyList<ServiceSpec> services, IReadOnlyList<ListenerStatus> listeners)
    {
        const int Shown = 20; // A screenful; the admin API has them all.
        foreach (var service in services.Take(Shown))
        {
            var eligible = service.Backends.Count(b => b.Weight > 0 && b.Scopes != BackendScope.None);
            ServiceInForce(
                logger,
                service.Key,
                string.Join(", ", service.Listens.Take(Shown).Select(l => $"{l.Kind} {l.Address}")),
                service.Scheduler.Name,
                eligible,
                service.Backends.Count);
        }

        if (services.Count > Shown)
        {
            More(logger, services.Count - Shown);
        }

        FailedListeners(logger, listeners);
    }

    /// <summary>Says which listeners could not be bound.</summary>
    public static void FailedListeners(ILogger logger, IEnumerable<ListenerStatus> listeners)
    {
        foreach (var listener in listeners.Where(l => l.State == ListenerState.Failed))
        {
            ListenerFailed(logger, listener.Service, listener.Listen.Address.ToString(), listener.Problem);
        }
    }
}
