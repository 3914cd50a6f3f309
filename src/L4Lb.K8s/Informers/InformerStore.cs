using System.Collections;
using System.Collections.Immutable;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Informers;

/// <summary>
/// The objects of one kind by name, and what differs between one moment and the next. One thread writes; any thread reads, without
/// a lock, and what it reads is of one moment: a tree that shares all but a few nodes with the one before, about 1 KiB an event.
/// </summary>
internal sealed class InformerStore<T>
    where T : KubeObject
{
    // By reference: it would keep the old one of two objects of one value, with its old version.
    private volatile ImmutableDictionary<ObjectName, T> _objects =
        ImmutableDictionary.Create<ObjectName, T>(keyComparer: null, ReferenceEqualityComparer.Instance);

    /// <summary>The objects of this moment; stays as it is.</summary>
    public IReadOnlyCollection<T> Items => new Moment(_objects);

    /// <summary>Number of objects.</summary>
    public int Count => _objects.Count;

    /// <summary>The object of that name, or null.</summary>
    public T? Find(ObjectName name) => _objects.GetValueOrDefault(name);

    /// <summary>Adds an object or puts it in another one's place; null when its value is the same.</summary>
    public ObjectChange<T>? Set(T item)
    {
        var name = item.Metadata.ObjectName;
        var known = _objects.GetValueOrDefault(name);

        // Also when it is the same: whoever writes the object next has to name its latest version.
        _objects = _objects.SetItem(name, item);
        return item.Equals(known) ? null : new(known, item);
    }

    /// <summary>Removes an object; null when there is none of that name.</summary>
    public ObjectChange<T>? Remove(ObjectName name)
    {
        if (!_objects.TryGetValue(name, out var known))
        {
            return null;
        }

        _objects = _objects.Remove(name);
        return new(known, null);
    }

    /// <summary>Becomes a complete list at once. What is gone comes first, so that what it held is free for the others.</summary>
    public IReadOnlyList<ObjectChange<T>> Replace(IReadOnlyList<T> items)
    {
        var before = _objects;
        var after = before.ToBuilder();
        var gone = before.Keys.ToHashSet();
        var set = new List<ObjectChange<T>>();
        foreach (var item in items)
        {
            var name = item.Metadata.ObjectName;
            gone.Remove(name);
            after.TryGetValue(name, out var known);
            if (known is not null && IsSameVersion(known.Metadata, item.Metadata))
            {
                continue;
            }

            after[name] = item;
            if (!item.Equals(known))
            {
                set.Add(new(known, item));
            }
        }

        after.RemoveRange(gone);
        _objects = after.ToImmutable();
        return [.. gone.Select(name => new ObjectChange<T>(before[name], null)), .. set];
    }

    private static bool IsSameVersion(ObjectMeta left, ObjectMeta right) =>
        left.ResourceVersion.Length > 0 && left.ResourceVersion == right.ResourceVersion && left.Uid == right.Uid;

    private sealed class Moment(ImmutableDictionary<ObjectName, T> objects) : IReadOnlyCollection<T>
    {
        public int Count => objects.Count;

        public IEnumerator<T> GetEnumerator() => objects.Values.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
