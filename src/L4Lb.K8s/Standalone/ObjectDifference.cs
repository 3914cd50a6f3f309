using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Standalone;

/// <summary>
/// What left and what came between two lists of objects, by reference: a reader that keeps the objects which did not
/// change makes the comparison of twenty thousand of them a matter of microseconds.
/// </summary>
internal readonly record struct ObjectDifference(IReadOnlyList<KubeObject> Removed, IReadOnlyList<KubeObject> Added)
{
    /// <summary>Compares two lists; an object that only moved is in neither answer.</summary>
    public static ObjectDifference Between(ReadOnlySpan<KubeObject> before, ReadOnlySpan<KubeObject> after)
    {
        var start = 0;
        while (start < before.Length && start < after.Length && ReferenceEquals(before[start], after[start]))
        {
            start++;
        }

        var end = 0;
        while (end < before.Length - start && end < after.Length - start && ReferenceEquals(before[^(end + 1)], after[^(end + 1)]))
        {
            end++;
        }

        before = before[start..^end];
        after = after[start..^end];
        var removed = new List<KubeObject>();
        var added = new List<KubeObject>();
        var common = Math.Min(before.Length, after.Length);
        for (var i = 0; i < common; i++)
        {
            if (!ReferenceEquals(before[i], after[i]))
            {
                removed.Add(before[i]);
                added.Add(after[i]);
            }
        }

        removed.AddRange(before[common..]);
        added.AddRange(after[common..]);
        return new(Except(removed, added), Except(added, removed));
    }

    private static List<KubeObject> Except(List<KubeObject> objects, List<KubeObject> others)
    {
        var known = new HashSet<KubeObject>(others, ReferenceEqualityComparer.Instance);
        return objects.FindAll(o => !known.Contains(o));
    }
}
