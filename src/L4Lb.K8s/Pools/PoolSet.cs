using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Pools;

/// <summary>
/// All pools, those with their own users first and then by priority and name: the order in which they are asked. Immutable.
/// </summary>
public sealed class PoolSet
{
    private PoolSet(IReadOnlyList<Pool> pools) => Pools = pools;

    /// <summary>No pools.</summary>
    public static PoolSet Empty { get; } = new([]);

    /// <summary>The pools in order.</summary>
    public IReadOnlyList<Pool> Pools { get; }

    /// <summary>
    /// Reads <paramref name="pools"/>. A pool with a problem, be it that it shares addresses with another, is left out: of two
    /// that overlap, that which comes first by name stays, so that the order in which they are read does not matter.
    /// </summary>
    /// <param name="pools">The objects.</param>
    /// <param name="problems">Takes what is wrong: the pool, the field and what would help.</param>
    public static PoolSet Read(IEnumerable<AddressPool> pools, ICollection<PoolProblem> problems)
    {
        var read = new List<Pool>();
        foreach (var pool in pools.OrderBy(static pool => pool.Metadata.Name, StringComparer.Ordinal))
        {
            var found = new List<PoolProblem>();
            var ranges = PoolRanges.Read(pool, found);
            foreach (var (other, range, theirs) in Overlaps(read, ranges))
            {
                found.Add(new(pool, "spec.addresses", $"{range} overlaps {theirs} of the pool {other.Name}: an address has one pool"));
            }

            found.ForEach(problems.Add);
            if (found.Count == 0)
            {
                read.Add(new Pool(pool, ranges.ToEquatableArray()));
            }
        }

        return new PoolSet([.. read
            .OrderBy(static pool => pool.Source.Users is null)
            .ThenBy(static pool => pool.Source.Users is { Priority: > 0 and var priority } ? priority : int.MaxValue)
            .ThenBy(static pool => pool.Name, StringComparer.Ordinal)]);
    }

    /// <summary>The pool of that name.</summary>
    public Pool? Find(string name) => Pools.FirstOrDefault(pool => pool.Name == name);

    /// <summary>The pool that has the address.</summary>
    public Pool? PoolOf(UInt128 address) => Pools.FirstOrDefault(pool => pool.Has(address));

    private static IEnumerable<(Pool Pool, AddressRange Range, AddressRange Theirs)> Overlaps(
        List<Pool> pools, List<AddressRange> ranges) =>
        from pool in pools
        from theirs in pool.Ranges
        from range in ranges
        where range.Overlaps(theirs)
        select (pool, range, theirs);
}

/// <summary>What is wrong with a pool.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Path">The field.</param>
/// <param name="Message">What is wrong, and what would help.</param>
public sealed record PoolProblem(AddressPool Pool, string Path, string Message);
