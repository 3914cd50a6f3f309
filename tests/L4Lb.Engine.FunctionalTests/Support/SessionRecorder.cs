using System.Collections.Concurrent;

namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>Keeps the record of every closed session.</summary>
internal sealed class SessionRecorder : ISessionLog
{
    private readonly ConcurrentQueue<SessionRecord> _records = new();

    internal IReadOnlyCollection<SessionRecord> Records => _records;

    public void Closed(in SessionRecord session) => _records.Enqueue(session);

    /// <summary>All records, once there are <paramref name="count"/>.</summary>
    internal async Task<SessionRecord[]> WaitAsync(int count)
    {
        await Eventually.HoldsAsync(
            () => _records.Count >= count,
            () => $"{_records.Count} of {count} sessions ended: {string.Join(", ", _records)}");
        Assert.Equal(count, _records.Count);
        return [.. _records];
    }

    /// <summary>The record of the only session.</summary>
    internal async Task<SessionRecord> SingleAsync() => (await WaitAsync(1))[0];
}
