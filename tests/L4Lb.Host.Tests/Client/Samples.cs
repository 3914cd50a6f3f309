using L4Lb.Host.Admin;
using L4Lb.Host.Client.Top;

namespace L4Lb.Host.Tests.Client;

/// <summary>Answers of an instance as tests want them.</summary>
internal static class Samples
{
    public static readonly DateTime Started = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static readonly DurationAnswer NoTime = new(0, 0, null, null, []);

    public static ServiceAnswer Service(string name, long total = 0, long bytesIn = 0, long bytesOut = 0) => new(
        "shop", name, "http", "tcp", "rr", ["127.0.0.1:80"], 3, 2, 12, total, 0, new Dictionary<string, long>(), total, 0, 0,
        new TrafficAnswer(bytesIn, bytesOut, 0, 0), NoTime, null, null);

    public static BackendAnswer Backend(string address, string health, string? reason = null, DateTime? since = null, bool isDrained = false) => new(
        "shop", "web", "http", address, 1, null, isDrained, health == "up" ? 1 : 0, null, health, reason, since, 10, 1, 0, 0, 0, new TrafficAnswer(0, 0, 0, 0));

    public static Sample At(TimeProvider time, ServiceAnswer[] services, params BackendAnswer[] backends) => new(
        time.GetTimestamp(),
        new StatusAnswer(
            "1.0", Started, "ready", 7, false, 2, services.Length, 3, 2, 0, 0, 100_000, 12, services.Sum(static s => s.Total),
            new Dictionary<string, long>(), 0, 0, services.Sum(static s => s.Retries), 0,
            new TrafficAnswer(services.Sum(static s => s.Traffic.BytesFromClients), services.Sum(static s => s.Traffic.BytesFromBackends), 0, 0),
            0, 0, 0, NoTime),
        services,
        backends);
}
