using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Top;

/// <summary>What happened in a second, as the difference of two answers.</summary>
/// <param name="Name">Of which service port, as <c>namespace/name:port</c>; empty for all.</param>
/// <param name="Usable">Backends that get new sessions.</param>
/// <param name="Backends">Backends.</param>
/// <param name="Active">Sessions now.</param>
/// <param name="Sessions">New sessions in a second.</param>
/// <param name="BytesIn">Bytes from clients in a second.</param>
/// <param name="BytesOut">Bytes to clients in a second.</param>
/// <param name="Errors">Sessions in a second that ended for want of a backend, by its fault, or by ours.</param>
/// <param name="Retries">Connects in a second that were not their session's first.</param>
/// <param name="ConnectTimes">How long the connects between took.</param>
internal sealed record Rates(
    string Name, int Usable, int Backends, long Active, double Sessions, double BytesIn, double BytesOut, double Errors, double Retries,
    ConnectTimes ConnectTimes)
{
    // What the client did, or an operator, or silence, is no error of anybody here.
    private static readonly string[] s_errors =
    [
        "backendReset", "connectRefused", "connectTimeout", "noBackend", "limitReached", "queueFull", "queueTimeout", "backendDown",
        "resourceExhausted", "internalError",
    ];

    /// <summary>The rates of each service port of <paramref name="now"/>.</summary>
    public static IReadOnlyList<Rates> OfServices(Sample before, Sample now, TimeProvider time)
    {
        var seconds = SecondsBetween(before, now, time);
        var old = Knows(before, now) ? before.Services.DistinctBy(NameOf).ToDictionary(NameOf) : [];
        return
        [
            .. now.Services.Select(s =>
                old.GetValueOrDefault(NameOf(s)) is var o && o?.Total <= s.Total ? Of(o, s, seconds) : Of(null, s, seconds)),
        ];
    }

    /// <summary>The rates of all together.</summary>
    public static Rates OfAll(Sample before, Sample now, TimeProvider time)
    {
        var (seconds, old, s) = (SecondsBetween(before, now, time), Knows(before, now) ? before.Status : null, now.Status);
        return new Rates(
            "", s.BackendsUsable, s.Backends, s.Active,
            Each(old?.Accepted, s.Accepted, seconds),
            Each(old?.Traffic.BytesFromClients, s.Traffic.BytesFromClients, seconds),
            Each(old?.Traffic.BytesFromBackends, s.Traffic.BytesFromBackends, seconds),
            Each(ErrorsOf(old?.Closed), ErrorsOf(s.Closed), seconds),
            Each(old?.Retries, s.Retries, seconds),
            ConnectTimes.Between(old?.ConnectTime, s.ConnectTime));
    }

    private static Rates Of(ServiceAnswer? old, ServiceAnswer s, double seconds) => new(
        NameOf(s), s.BackendsUsable, s.Backends, s.Active,
        Each(old?.Total, s.Total, seconds),
        Each(old?.Traffic.BytesFromClients, s.Traffic.BytesFromClients, seconds),
        Each(old?.Traffic.BytesFromBackends, s.Traffic.BytesFromBackends, seconds),
        Each(ErrorsOf(old?.Closed), ErrorsOf(s.Closed), seconds),
        Each(old?.Retries, s.Retries, seconds),
        ConnectTimes.Between(old?.ConnectTime, s.ConnectTime));

    /// <summary>Counters of a process that has begun anew begin at 0: what they have is of this process' time.</summary>
    private static bool Knows(Sample before, Sample now) => before.Status.Started == now.Status.Started;

    private static double Each(long? before, long now, double seconds) => Math.Max(now - (before ?? 0), 0) / seconds;

    private static long ErrorsOf(IReadOnlyDictionary<string, long>? closed) =>
        closed is null ? 0 : s_errors.Sum(reason => closed.GetValueOrDefault(reason));

    private static double SecondsBetween(Sample before, Sample now, TimeProvider time) =>
        Math.Max(time.GetElapsedTime(before.Time, now.Time).TotalSeconds, 0.001);

    private static string NameOf(ServiceAnswer service) => $"{service.Namespace}/{service.Name}:{service.Port}";
}
