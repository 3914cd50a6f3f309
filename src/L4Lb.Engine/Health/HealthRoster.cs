using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Health;

/// <summary>A service with the identities of its backends.</summary>
/// <param name="Spec">What is asked.</param>
/// <param name="Backends">Its backends.</param>
internal readonly record struct ObservedService(ServiceSpec Spec, IReadOnlyDictionary<AddressKey, Backend> Backends);

/// <summary>The services under observation. Monitor's loop only.</summary>
internal sealed class HealthRoster(HealthContext context)
{
    private readonly Dictionary<ServiceKey, ServiceHealth> _services = [];

    /// <summary>Takes a change of the desired state into account; services that are not mentioned are not touched.</summary>
    /// <param name="removed">Services that are gone.</param>
    /// <param name="changed">Services that are new or not as they were.</param>
    internal void Follow(IEnumerable<ServiceKey> removed, IEnumerable<ObservedService> changed)
    {
        foreach (var key in removed)
        {
            Forget(key);
        }

        var begun = new List<Check>();
        foreach (var (spec, backends) in changed)
        {
            if (!ServiceHealth.IsAsked(spec.Health))
            {
                Forget(spec.Key);
                continue;
            }

            if (!_services.TryGetValue(spec.Key, out var service))
            {
                _services.Add(spec.Key, service = new ServiceHealth(context, spec));
            }

            begun.AddRange(service.Follow(spec, backends));
        }

        // Spread evenly, so that a thousand backends are not checked in one moment, and one alone is at once.
        for (var i = 0; i < begun.Count; i++)
        {
            context.Schedule(begun[i].Due, begun[i].Interval * i / begun.Count);
        }
    }

    private void Forget(ServiceKey key)
    {
        if (_services.Remove(key, out var service))
        {
            service.Stop();
        }
    }
}
