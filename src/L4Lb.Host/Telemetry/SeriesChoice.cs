using L4Lb.Engine;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// Decides which service ports and backends have series of their own when there are more than may have. Who has them keeps
/// them as long as there is room, so that a graph does not end because a Service was added elsewhere; a service has them for
/// all of its backends or for none. Not thread-safe.
/// </summary>
internal sealed class SeriesChoice(MetricsSettings settings)
{
    private HashSet<ServiceKey> _services = [];
    private HashSet<ServiceKey> _withBackends = [];

    /// <summary>Chooses among <paramref name="all"/>.</summary>
    public IReadOnlyList<ServiceSeries> Choose(IReadOnlyList<ServiceStatus> all)
    {
        _services = Fill(all, _services, settings.MaxServices, static _ => 1);
        _withBackends = Fill(
            [.. all.Where(service => _services.Contains(service.Spec.Key))], _withBackends, settings.MaxBackends,
            static service => service.Backends.Count);
        return
        [
            .. all.Where(service => _services.Contains(service.Spec.Key))
                .Select(service => new ServiceSeries(service, _withBackends.Contains(service.Spec.Key))),
        ];
    }

    private static HashSet<ServiceKey> Fill(
        IReadOnlyList<ServiceStatus> all, HashSet<ServiceKey> before, int room, Func<ServiceStatus, int> size)
    {
        var chosen = new HashSet<ServiceKey>(Math.Min(all.Count, room));
        foreach (var isOld in new[] { true, false })
        {
            foreach (var service in all)
            {
                var needed = size(service);
                if (before.Contains(service.Spec.Key) == isOld && needed <= room)
                {
                    chosen.Add(service.Spec.Key);
                    room -= needed;
                }
            }
        }

        return chosen;
    }
}

/// <summary>A service port that has series of its own.</summary>
/// <param name="Status">What is known of it.</param>
/// <param name="HasBackends">Whether its backends have, too.</param>
internal sealed record ServiceSeries(ServiceStatus Status, bool HasBackends)
{
    /// <summary>Its attributes.</summary>
    public KeyValuePair<string, object?>[] Tags { get; } =
    [
        new(MetricTags.Namespace, Status.Spec.Key.Namespace),
        new(MetricTags.Service, Status.Spec.Key.Name),
        new(MetricTags.Port, Status.Spec.Key.Port),
    ];

    /// <summary>The backends that have series of their own, with their attributes.</summary>
    public IReadOnlyList<(BackendStatus Status, KeyValuePair<string, object?>[] Tags)> Backends => _backends ??= HasBackends
        ? [.. Status.Backends.Select(backend => (backend, (KeyValuePair<string, object?>[])
            [.. Tags, new(MetricTags.Backend, backend.Spec.Address.ToString())]))]
        : [];

    private IReadOnlyList<(BackendStatus, KeyValuePair<string, object?>[])>? _backends;
}
