using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Control;

/// <summary>What is different between two desired states, by service. Pure.</summary>
/// <param name="Removed">Services that are no longer wanted.</param>
/// <param name="Changed">Services that are new or not as they were.</param>
internal sealed record StateDiff(IReadOnlyList<ServiceSpec> Removed, IReadOnlyList<ServiceSpec> Changed)
{
    /// <summary>Number of services that differ.</summary>
    internal int Count => Removed.Count + Changed.Count;

    /// <summary>Compares by value; a service that is the same instance in the same place costs nothing.</summary>
    internal static StateDiff Between(DesiredState current, DesiredState desired) =>
        desired.HasSameKeysAs(current) ? InPlace(current, desired) : ByKey(current, desired);

    private static StateDiff InPlace(DesiredState current, DesiredState desired)
    {
        var changed = new List<ServiceSpec>();
        for (var i = 0; i < desired.Services.Count; i++)
        {
            if (IsChanged(current.Services[i], desired.Services[i]))
            {
                changed.Add(desired.Services[i]);
            }
        }

        return new StateDiff([], changed);
    }

    private static StateDiff ByKey(DesiredState current, DesiredState desired)
    {
        var left = current.Services.ToDictionary(service => service.Key);
        var changed = new List<ServiceSpec>();
        foreach (var service in desired.Services)
        {
            if (!left.Remove(service.Key, out var old) || IsChanged(old, service))
            {
                changed.Add(service);
            }
        }

        return new StateDiff([.. left.Values], changed);
    }

    private static bool IsChanged(ServiceSpec old, ServiceSpec service) => !ReferenceEquals(old, service) && !old.Equals(service);
}
