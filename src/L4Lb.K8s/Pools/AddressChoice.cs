using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Pools;

/// <summary>Chooses addresses for one request at a time. Pure, but for the book that it asks.</summary>
/// <param name="pools">All pools.</param>
/// <param name="book">Who has what; the request itself has nothing.</param>
internal sealed class AddressChoice(PoolSet pools, AddressBook book)
{
    /// <summary>The addresses that it had, if it may keep them all; null when not.</summary>
    public AddressAnswer? Keep(AddressRequest request, UInt128[] had)
    {
        var families = Families(request);
        had = OfFamilies(families, had);
        if (had.Length == 0 || pools.PoolOf(had[0]) is not { } pool || !MayHave(request, pool) || !had.All(a => IsLeft(a, pool, request)))
        {
            return null;
        }

        if (request.Wanted.Count > 0)
        {
            return request.Wanted.Select(AddressRange.NumberOf).ToHashSet().SetEquals(had)
                && (had.Length == families.Count || !request.NeedsAllFamilies)
                ? Answer(pool, families, had)
                : null;
        }

        // Whoever lacks a family gets it from the pool that the other is of, once that has any.
        var added = families.Except(had.Select(IsIPv4)).Select(isIPv4 => book.FirstFor(request, pool, isIPv4)).OfType<UInt128>();
        UInt128[] all = [.. had, .. added];
        return all.Length == families.Count || !request.NeedsAllFamilies ? Answer(pool, families, all) : null;
    }

    /// <summary>New addresses, or the reason why there are none.</summary>
    public AddressAnswer Choose(AddressRequest request, UInt128[] had)
    {
        if (request.Pool.Length > 0 && pools.Find(request.Pool) is null)
        {
            return AddressAnswer.None(PendingReason.NoPool, $"there is no address pool {request.Pool}; {Known()}");
        }

        return request.Wanted.Count > 0 ? ChooseWanted(request) : ChooseAny(request, had);
    }

    private AddressAnswer ChooseWanted(AddressRequest request)
    {
        var wanted = request.Wanted.Select(AddressRange.NumberOf).ToArray();
        var asks = $"asks for {string.Join(", ", request.Wanted)}";
        var families = Families(request);
        var asked = wanted.Select(IsIPv4).Distinct().ToArray();
        if (asked.Length < wanted.Length || asked.Except(families).Any())
        {
            return AddressAnswer.None(
                PendingReason.FamilyMismatch,
                $"{asks}, and its families are {string.Join(", ", request.Service.IPFamilies)}: name one address of each, at most");
        }

        if (wanted.Length < families.Count && request.NeedsAllFamilies)
        {
            return AddressAnswer.None(PendingReason.FamilyMismatch, $"{asks} alone, and requires both families");
        }

        Pool? pool = null;
        foreach (var address in wanted)
        {
            var text = AddressRange.AddressOf(address);
            if (pools.PoolOf(address) is not { } its)
            {
                return AddressAnswer.None(PendingReason.AddressNotInPool, $"{text} is in no address pool; {Known()}");
            }

            if (!MayHave(request, its) || (pool is not null && pool != its))
            {
                return AddressAnswer.None(
                    PendingReason.PoolNotForService, $"{text} is of the pool {its.Name}, which is not for this Service");
            }

            if (book.InTheWay(address, request) is { } other)
            {
                return AddressAnswer.None(
                    request.SharingKey.Length > 0 && other.SharingKey.Length > 0
                        ? PendingReason.SharingConflict
                        : PendingReason.AddressInUse,
                    $"{text} belongs to {other.Name}; {request.WhyNotShared(other)}");
            }

            pool = its;
        }

        return Answer(pool!, families, wanted);
    }

    private AddressAnswer ChooseAny(AddressRequest request, UInt128[] had)
    {
        var candidates = pools.Pools
            .Where(pool => request.Pool.Length > 0 ? pool.Name == request.Pool : pool.Source.AutoAssign)
            .Where(pool => pool.IsFor(request)).ToArray();
        if (candidates.Length == 0)
        {
            return pools.Pools.Count == 0
                ? AddressAnswer.None(PendingReason.NoPool, "there is no address pool yet")
                : AddressAnswer.None(PendingReason.PoolNotForService, request.Pool.Length > 0
                    ? $"the address pool {request.Pool} is not for this Service"
                    : $"no address pool is for this Service; {Known()}");
        }

        // Both families of one pool first; one alone only when no pool has both and one is enough.
        var families = Families(request);
        foreach (var pool in candidates)
        {
            var found = families.Select(isIPv4 => book.FirstFor(request, pool, isIPv4)).OfType<UInt128>().ToArray();
            if (found.Length == families.Count)
            {
                return Answer(pool, families, found);
            }
        }

        return (request.NeedsAllFamilies ? null : KeepSome(request, families, had) ?? ChooseOne(request, families, candidates))
            ?? AddressAnswer.None(
                PendingReason.PoolExhausted,
                $"no free {string.Join(" and ", request.Service.IPFamilies)} address in "
                + $"{string.Join(", ", candidates.Select(static pool => pool.Name))}; add addresses, or let Services share one");
    }

    /// <summary>What is left of what it had, when that is better than to move.</summary>
    private AddressAnswer? KeepSome(AddressRequest request, List<bool> families, UInt128[] had)
    {
        foreach (var address in OfFamilies(families, had))
        {
            if (pools.PoolOf(address) is { } pool && MayHave(request, pool) && IsLeft(address, pool, request))
            {
                return Answer(pool, families, [address]);
            }
        }

        return null;
    }

    /// <summary>An address of the first of its families of which there is any.</summary>
    private AddressAnswer? ChooseOne(AddressRequest request, List<bool> families, Pool[] candidates)
    {
        foreach (var isIPv4 in families)
        {
            foreach (var pool in candidates)
            {
                if (book.FirstFor(request, pool, isIPv4) is { } found)
                {
                    return Answer(pool, families, [found]);
                }
            }
        }

        return null;
    }

    private bool IsLeft(UInt128 address, Pool pool, AddressRequest request) =>
        pool.Has(address) && book.InTheWay(address, request, alreadyHas: true) is null;

    private static bool MayHave(AddressRequest request, Pool pool) =>
        pool.IsFor(request) && (request.Pool.Length == 0 || request.Pool == pool.Name);

    /// <summary>The families that it may have, whether IPv4, in its order.</summary>
    private static List<bool> Families(AddressRequest request) =>
        [.. request.Service.IPFamilies.Select(static family => family == "IPv4")];

    /// <summary>One address of each family, at most.</summary>
    private static UInt128[] OfFamilies(List<bool> families, UInt128[] addresses) =>
        [.. addresses.Where(address => families.Contains(IsIPv4(address))).DistinctBy(IsIPv4)];

    private static bool IsIPv4(UInt128 address) => new AddressKey(address, 0).IsIPv4;

    private static AddressAnswer Answer(Pool pool, List<bool> families, UInt128[] addresses) => new(
        addresses.OrderBy(address => families.IndexOf(IsIPv4(address))).Select(AddressRange.AddressOf).ToEquatableArray(), pool.Name, null);

    private string Known() => pools.Pools.Count == 0
        ? "there is none yet"
        : $"there are {string.Join(", ", pools.Pools.Select(static pool => pool.Name))}";
}
