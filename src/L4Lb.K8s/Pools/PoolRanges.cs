using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Pools;

/// <summary>Reads the ranges of a pool. Pure.</summary>
internal static class PoolRanges
{
    /// <summary>The ranges that can be read, and what is wrong with the others, in the API server's form.</summary>
    public static List<AddressRange> Read(AddressPool pool, ICollection<PoolProblem> problems)
    {
        var ranges = new List<AddressRange>();
        if (pool.Addresses.Count == 0)
        {
            problems.Add(new(pool, "spec.addresses", "Required value: at least one range"));
        }

        foreach (var (i, text) in pool.Addresses.Index())
        {
            if (!AddressRange.TryParse(text, out var range, out var problem))
            {
                problems.Add(new(pool, $"spec.addresses[{i}]", $"Invalid value: \"{text}\": {problem}"));
            }
            else if (ranges.FindIndex(other => other.Overlaps(range)) is >= 0 and var other)
            {
                problems.Add(new(pool, $"spec.addresses[{i}]", $"Invalid value: \"{text}\": overlaps {ranges[other]} of the same pool"));
            }
            else
            {
                ranges.Add(range);
            }
        }

        return ranges;
    }
}
