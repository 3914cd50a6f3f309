using L4Lb.Engine.Metrics;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine;

/// <summary>What was relayed, since the process began.</summary>
/// <param name="BytesFromClients">Bytes handed to backends.</param>
/// <param name="BytesFromBackends">Bytes handed to clients.</param>
/// <param name="DatagramsFromClients">Datagrams taken for backends.</param>
/// <param name="DatagramsFromBackends">Datagrams handed to clients.</param>
public readonly record struct TrafficStatus(
    long BytesFromClients, long BytesFromBackends, long DatagramsFromClients, long DatagramsFromBackends)
{
    internal static TrafficStatus Sum(IEnumerable<TrafficCounters> shards)
    {
        var sum = default(TrafficStatus);
        foreach (var shard in shards)
        {
            sum = new TrafficStatus(
                sum.BytesFromClients + shard.BytesFromClients,
                sum.BytesFromBackends + shard.BytesFromBackends,
                sum.DatagramsFromClients + shard.DatagramsFromClients,
                sum.DatagramsFromBackends + shard.DatagramsFromBackends);
        }

        return sum;
    }
}

/// <summary>What became of the sessions of a service, since it is there.</summary>
public sealed class SessionTotals
{
    private static readonly CloseReason[] s_reasons = Enum.GetValues<CloseReason>();

    private readonly long[] _closed = new long[s_reasons.Length];

    private SessionTotals() => ConnectTimes = new DurationHistogram([]);

    internal SessionTotals(IReadOnlyList<ServiceCounters> shards)
    {
        foreach (var reason in s_reasons)
        {
            foreach (var shard in shards)
            {
                _closed[(int)reason] += shard.Closed((int)reason);
            }
        }

        Traffic = TrafficStatus.Sum(shards);
        ConnectAttempts = shards.Sum(static c => c.ConnectAttempts);
        ConnectFailures = shards.Sum(static c => c.ConnectFailures);
        Retries = shards.Sum(static c => c.Retries);
        ConnectTimes = new DurationHistogram(shards.Select(static c => c.ConnectTimes));
    }

    /// <summary>Of a service that had no session yet.</summary>
    public static SessionTotals None { get; } = new();

    /// <summary>What was relayed.</summary>
    public TrafficStatus Traffic { get; }

    /// <summary>Connects started.</summary>
    public long ConnectAttempts { get; }

    /// <summary>Connects that failed.</summary>
    public long ConnectFailures { get; }

    /// <summary>Connects that were not their session's first.</summary>
    public long Retries { get; }

    /// <summary>How long connects took that succeeded.</summary>
    public DurationHistogram ConnectTimes { get; }

    /// <summary>The reasons for which any were closed, and how many.</summary>
    public IEnumerable<KeyValuePair<CloseReason, long>> Closed =>
        s_reasons.Where(reason => _closed[(int)reason] > 0).Select(reason => KeyValuePair.Create(reason, _closed[(int)reason]));

    /// <summary>How many were closed for one reason.</summary>
    public long ClosedFor(CloseReason reason) => _closed[(int)reason];
}
