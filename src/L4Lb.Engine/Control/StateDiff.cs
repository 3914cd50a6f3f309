using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Control;

/// <summary>What is different between two desired states, by service. Pure.</summary>
/// <param name="Removed">Services that are no longer wanted.</param>
/// <param name="Changed">Services that are new or not as they were.</param>
internal sealed record StateDiff(IReadOnlyList<ServiceSpec> Removed, IReadOnlyList<ServiceSpec> Changed)
{
    /// <summary>Number of services that differ.</summary>
    internal int Count => Removed.Count + Changed.Count;

    /// <summary>Compares by value; a service that is the same instance costs nothing.</summary>
    internal static StateDiff Between(IReadOnlyDictionary<ServiceKey, ServiceSpec> current, DesiredState desired)
    {
        var changed = new List<ServiceSpec>();
        var kept = 0;
        foreach (var service in desired.Services)
        {
            if (current.TryGetValue(service.Key, out var old))
            {
                kept++;
                if (ReferenceEquals(old, service) || old.Equals(service))
                {
                    continue;
                }
            }

            changed.Add(service);
        }

        return new StateDiff(kept == current.Count ? [] : Missing(current, desired), changed);
    }

    private static List<ServiceSpec> Missing(IReadOnlyDictionary<ServiceKey, ServiceSpec> current, DesiredState desired)
    {
        var wanted = new HashSet<ServiceKey>(desired.Services.Count);
        foreach (var service in desired.Services)
        {
            wanted.Add(service.Key);
        }

        return [.. current.Values.Where(service => !wanted.Contains(service.Key))];
    }
}
