using L4Lb.Engine;

namespace L4Lb.Host.Admin;

/// <summary>
/// The services as they were a moment ago, for all who follow them together: however many do, they are read once. Thread-safe.
/// </summary>
internal sealed class StatusFeed(LoadBalancer engine, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private IReadOnlyList<ServiceStatus> _services = [];
    private long _readAt = long.MinValue;

    /// <summary>The services, at most half a second old.</summary>
    public IReadOnlyList<ServiceStatus> Read()
    {
        lock (_lock)
        {
            if (_readAt == long.MinValue || time.GetElapsedTime(_readAt) >= s_fresh)
            {
                _services = engine.GetServices();
                _readAt = time.GetTimestamp();
            }

            return _services;
        }
    }
}
