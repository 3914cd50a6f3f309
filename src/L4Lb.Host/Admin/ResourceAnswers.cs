using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Journal;
using L4Lb.K8s.Provider;

namespace L4Lb.Host.Admin;

/// <summary>One address that is listened on, in <c>/api/v1/listeners</c>.</summary>
/// <param name="Namespace">Namespace of the Service.</param>
/// <param name="Service">Name of the Service.</param>
/// <param name="Port">Port name, or <c>80/tcp</c>-like when it has none.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Kind"><c>ClusterIP</c>, <c>NodePort</c>, <c>LoadBalancer</c> or <c>ExternalIP</c>.</param>
/// <param name="Address">Address and port.</param>
/// <param name="State"><c>listening</c>, <c>noBackend</c> or <c>failed</c>.</param>
/// <param name="Problem">What is wrong and what would help; null when nothing is.</param>
internal sealed record ListenerAnswer(
    string Namespace, string Service, string Port, string Protocol, string Kind, string Address, string State, string? Problem)
{
    /// <summary>What is known of <paramref name="listener"/>.</summary>
    public static ListenerAnswer Of(ListenerStatus listener) => new(
        listener.Service.Namespace,
        listener.Service.Name,
        listener.Service.Port,
        listener.Protocol.ToString().ToLowerInvariant(),
        listener.Listen.Kind.ToString(),
        listener.Listen.Address.ToString(),
        WordOf.Value(listener.State),
        listener.Problem);
}

/// <summary>A client that keeps a backend, in <c>/api/v1/affinity</c>.</summary>
/// <param name="Namespace">Namespace of the Service.</param>
/// <param name="Service">Name of the Service.</param>
/// <param name="Port">Port name; empty for a table of a whole Service.</param>
/// <param name="Client">The client's address, as far as it counts.</param>
/// <param name="Backend">Address and port of the backend.</param>
/// <param name="IdleMs">Milliseconds since it was last used.</param>
internal sealed record AffinityAnswer(string Namespace, string Service, string Port, string Client, string Backend, long IdleMs)
{
    /// <summary>What is known of <paramref name="client"/>.</summary>
    public static AffinityAnswer Of(AffinityClient client) => new(
        client.Key.Namespace,
        client.Key.Name,
        client.Key.Port,
        new AddressKey(client.Entry.Client, 0).ToIPAddress().ToString(),
        client.Entry.Backend.ToString(),
        client.Entry.IdleMs);
}

/// <summary>The answer of <c>/api/v1/pools</c>.</summary>
/// <param name="Items">The address pools.</param>
/// <param name="Leader">Who gives addresses out; null for nobody or unknown, or where there is no cluster.</param>
/// <param name="Pending">Services that wait for an address, with the reason.</param>
internal sealed record PoolsAnswer(IReadOnlyList<PoolAnswer> Items, string? Leader, IReadOnlyList<PendingAnswer> Pending)
{
    /// <summary>Nobody gives out addresses.</summary>
    public static PoolsAnswer None { get; } = new([], null, []);
}

/// <summary>One address pool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="AssignedIPv4">IPv4 addresses that some Service has.</param>
/// <param name="TotalIPv4">IPv4 addresses that it may give away.</param>
/// <param name="AssignedIPv6">IPv6 addresses that some Service has; a number too large for a number is a text.</param>
/// <param name="TotalIPv6">IPv6 addresses that it may give away; likewise.</param>
/// <param name="Problems">Why it gives none away.</param>
internal sealed record PoolAnswer(
    string Name, string AssignedIPv4, string TotalIPv4, string AssignedIPv6, string TotalIPv6, IReadOnlyList<string> Problems)
{
    /// <summary>What is known of <paramref name="pool"/>.</summary>
    public static PoolAnswer Of(PoolUsage pool) => new(
        pool.Name, $"{pool.AssignedIPv4}", $"{pool.TotalIPv4}", $"{pool.AssignedIPv6}", $"{pool.TotalIPv6}", [.. pool.Problems]);
}

/// <summary>A Service that waits for an address.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Pool">The pool that it asks for by name; empty for any.</param>
/// <param name="Reason">Why, as in its condition.</param>
/// <param name="Message">Why, in words.</param>
internal sealed record PendingAnswer(string Namespace, string Name, string Pool, string Reason, string Message)
{
    /// <summary>What is known of <paramref name="waiting"/>.</summary>
    public static PendingAnswer Of(WaitingService waiting) =>
        new(waiting.Name.Namespace, waiting.Name.Name, waiting.Pool, waiting.Reason, waiting.Message);
}

/// <summary>Something that happened, in <c>/api/v1/events</c>.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Level"><c>information</c>, <c>warning</c>, <c>error</c> or <c>critical</c>.</param>
/// <param name="Kind">
/// <c>instance</c>, <c>configuration</c>, <c>listener</c>, <c>access-log</c>, <c>address</c>, <c>health</c>, <c>operator</c>,
/// <c>state</c> or <c>cluster</c>.
/// </param>
/// <param name="Code">The number of the message in the log.</param>
/// <param name="Message">It in words.</param>
/// <param name="About">What it is about, such as <c>service</c> and <c>backend</c>.</param>
internal sealed record EventAnswer(
    long Id, DateTime Time, string Level, string Kind, int Code, string Message, IReadOnlyDictionary<string, string> About)
{
    /// <summary>What is known of <paramref name="happened"/>.</summary>
    public static EventAnswer Of(JournalEvent happened) => new(
        happened.Id, happened.Time, happened.Level.ToString().ToLowerInvariant(), happened.Kind, happened.Code, happened.Message,
        happened.About);
}

/// <summary>The answer of <c>POST /api/v1/reload</c>.</summary>
/// <param name="Revision">The revision in force.</param>
/// <param name="Changed">Service ports added, changed or removed.</param>
/// <param name="Warnings">What is doubtful about it.</param>
internal sealed record ReloadAnswer(long Revision, int Changed, IReadOnlyList<string> Warnings);
