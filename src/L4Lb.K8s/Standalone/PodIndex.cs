using L4Lb.Engine.Desired;
using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Standalone;

/// <summary>Pods by label, and Services by selector, so that neither has to look through all of the other.</summary>
internal sealed class PodIndex
{
    private readonly Dictionary<LabelKey, HashSet<Pod>> _pods = [];
    private readonly Dictionary<LabelKey, HashSet<ServiceObjects>> _selecting = [];

    /// <summary>Adds a Pod.</summary>
    public void Add(Pod pod)
    {
        foreach (var (name, value) in pod.Metadata.Labels)
        {
            Entry(_pods, new(pod.Metadata.Namespace, name, value), ReferenceEqualityComparer.Instance).Add(pod);
        }
    }

    /// <summary>Removes a Pod.</summary>
    public void Remove(Pod pod)
    {
        foreach (var (name, value) in pod.Metadata.Labels)
        {
            Leave(_pods, new(pod.Metadata.Namespace, name, value), pod);
        }
    }

    /// <summary>Adds a Service that selects Pods.</summary>
    public void Add(Service service, ServiceObjects objects)
    {
        if (service.Selector.Count > 0)
        {
            Entry(_selecting, KeyOf(service), ReferenceEqualityComparer.Instance).Add(objects);
        }
    }

    /// <summary>Removes a Service.</summary>
    public void Remove(Service service, ServiceObjects objects)
    {
        if (service.Selector.Count > 0)
        {
            Leave(_selecting, KeyOf(service), objects);
        }
    }

    /// <summary>The Services that may select <paramref name="pod"/>: it has the first label of their selector.</summary>
    public IEnumerable<ServiceObjects> MaySelect(Pod pod)
    {
        foreach (var (name, value) in pod.Metadata.Labels)
        {
            if (_selecting.TryGetValue(new(pod.Metadata.Namespace, name, value), out var services))
            {
                foreach (var service in services)
                {
                    yield return service;
                }
            }
        }
    }

    /// <summary>The Pods that <paramref name="service"/> selects, by name.</summary>
    public IReadOnlyList<Pod> Select(Service service)
    {
        HashSet<Pod>? fewest = null;
        foreach (var (name, value) in service.Selector)
        {
            if (!_pods.TryGetValue(new(service.Metadata.Namespace, name, value), out var pods))
            {
                return [];
            }

            fewest = fewest is null || pods.Count < fewest.Count ? pods : fewest;
        }

        if (fewest is null)
        {
            return [];
        }

        var selected = fewest.Where(pod => Matches(service.Selector, pod)).ToList();
        selected.Sort(static (a, b) => string.CompareOrdinal(a.Metadata.Name, b.Metadata.Name));
        return selected;
    }

    private static bool Matches(EquatableArray<KeyValuePair<string, string>> selector, Pod pod)
    {
        foreach (var (name, value) in selector)
        {
            if (!pod.Metadata.Labels.TryGetValue(name, out var actual) || actual != value)
            {
                return false;
            }
        }

        return true;
    }

    private static LabelKey KeyOf(Service service) =>
        new(service.Metadata.Namespace, service.Selector[0].Key, service.Selector[0].Value);

    private static HashSet<T> Entry<T>(Dictionary<LabelKey, HashSet<T>> index, LabelKey key, IEqualityComparer<object?> comparer)
        where T : class
    {
        if (!index.TryGetValue(key, out var entry))
        {
            index.Add(key, entry = new HashSet<T>((IEqualityComparer<T>)comparer));
        }

        return entry;
    }

    private static void Leave<T>(Dictionary<LabelKey, HashSet<T>> index, LabelKey key, T item)
        where T : class
    {
        if (index.TryGetValue(key, out var entry) && entry.Remove(item) && entry.Count == 0)
        {
            index.Remove(key);
        }
    }

    private readonly record struct LabelKey(string Namespace, string Name, string Value);
}
