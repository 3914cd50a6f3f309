using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Pools;

/// <summary>Chooses addresses for one request at a time. Pure, but for the book that it asks.</summary>
/// <param name="pools">All pools.</param>
/// <param name="holder">Who is in the way of a request at an address; null for nobody.</param>
internal sealed class AddressChoice(PoolSet pools, Func<UInt128, AddressRequest, AddressRequest?> holder)
{
    /// <summary>The addresses that it had, if it may keep them; null when not.</summary>
    public AddressAnswer? Keep(AddressRequest request, UInt128[] had)
    {
        var families = Families(request);
        had = [.. had.Where(address => families.Contains(IsIPv4(address)))];
        if (had.Length == 0 || pools.PoolOf(had[0]) is not { } pool || !MayHave(request, pool))
        {
            return null;
        }

        var missing = families.Except(FamiliesOf(had)).ToArray();
        var fits = had.All(address => pool.Has(address) && holder(address, request) is null)
            && had.Length + missing.Length == families.Count
            && (missing.Length == 0 || !NeedsAll(request))
            && (request.Wanted.Count == 0 || request.Wanted.Select(AddressRange.NumberOf).ToHashSet().SetEquals(had));

        if (!fits)
        {
            return null;
        }

        // Whoever prefers both families and has one gets the other with that, once its pool has any.
        var added = request.Wanted.Count > 0 ? [] : missing.Select(isIPv4 => FirstFree(pool, isIPv4, request)).OfType<UInt128>();
        return Answer(pool, InOrder(families, had.Concat(added)));
    }

    /// <summary>New addresses.</summary>
    public AddressAnswer Choose(AddressRequest request)
    {
        if (request.Pool.Length > 0 && pools.Find(request.Pool) is null)
        {
            return AddressAnswer.None($"there is no address pool {request.Pool}; {Known()}");
        }

        return request.Wanted.Count > 0 ? ChooseWanted(request) : ChooseAny(request);
    }

    private AddressAnswer ChooseWanted(AddressRequest request)
    {
        var wanted = request.Wanted.Select(AddressRange.NumberOf).ToArray();
        var families = Families(request);
        var asked = FamiliesOf(wanted).Distinct().ToArray();
        if (asked.Length < wanted.Length || asked.Except(families).Any())
        {
            return AddressAnswer.None(
                $"asks for {string.Join(", ", request.Wanted)}, and its families are {string.Join(", ", request.Service.IPFamilies)}: "
                + "name one address of each, at most");
        }

        if (wanted.Length < families.Count && NeedsAll(request))
        {
            return AddressAnswer.None($"asks for {string.Join(", ", request.Wanted)} alone, and requires both families");
        }

        Pool? pool = null;
        foreach (var address in wanted)
        {
            var text = AddressRange.AddressOf(address);
            if (pools.PoolOf(address) is not { } its)
            {
                return AddressAnswer.None($"{text} is in no address pool; {Known()}");
            }

            if (!MayHave(request, its) || (pool is not null && pool != its))
            {
                return AddressAnswer.None($"{text} is of the pool {its.Name}, which is not for this Service");
            }

            if (holder(address, request) is { } other)
            {
                return AddressAnswer.None(
                    $"{text} belongs to {other.Service.Metadata.Key}; to share it, both need the same sharing key, different ports, "
                    + "and policy Cluster or the same selector");
            }

            pool = its;
        }

        return Answer(pool!, InOrder(families, wanted));
    }

    private AddressAnswer ChooseAny(AddressRequest request)
    {
        var candidates = pools.Pools
            .Where(pool => request.Pool.Length > 0 ? pool.Name == request.Pool : pool.Source.AutoAssign)
            .Where(pool => pool.IsFor(request)).ToArray();
        if (candidates.Length == 0)
        {
            return AddressAnswer.None(request.Pool.Length > 0
                ? $"the address pool {request.Pool} is not for this Service"
                : $"no address pool is for this Service; {Known()}");
        }

        // Both families of one pool first; one alone only when no pool has both and one is enough.
        var families = Families(request);
        for (var count = families.Count; count > 0 && (count == families.Count || !NeedsAll(request)); count--)
        {
            foreach (var pool in candidates)
            {
                var found = families.Select(isIPv4 => FirstFree(pool, isIPv4, request)).OfType<UInt128>().ToArray();
                if (found.Length >= count)
                {
                    return Answer(pool, found);
                }
            }
        }

        return AddressAnswer.None(
            $"no free {string.Join(" and ", request.Service.IPFamilies)} address in {string.Join(", ", candidates.Select(pool => pool.Name))}; "
            + "add addresses, or let Services share one");
    }

    private UInt128? FirstFree(Pool pool, bool isIPv4, AddressRequest request)
    {
        foreach (var address in pool.Addresses(isIPv4))
        {
            if (holder(address, request) is null)
            {
                return address;
            }
        }

        return null;
    }

    private static bool MayHave(AddressRequest request, Pool pool) =>
        pool.IsFor(request) && (request.Pool.Length == 0 || request.Pool == pool.Name);

    private static bool NeedsAll(AddressRequest request) => request.Service.IPFamilyPolicy == "RequireDualStack";

    /// <summary>The families that it may have, whether IPv4, in its order.</summary>
    private static List<bool> Families(AddressRequest request) =>
        [.. request.Service.IPFamilies.Select(static family => family == "IPv4")];

    private static IEnumerable<bool> FamiliesOf(UInt128[] addresses) => addresses.Select(IsIPv4);

    private static UInt128[] InOrder(List<bool> families, IEnumerable<UInt128> addresses) =>
        [.. addresses.OrderBy(address => families.IndexOf(IsIPv4(address)))];

    private static bool IsIPv4(UInt128 address) => new AddressKey(address, 0).IsIPv4;

    private static AddressAnswer Answer(Pool pool, UInt128[] addresses) =>
        new(addresses.Select(AddressRange.AddressOf).ToEquatableArray(), pool.Name, null);

    private string Known() => pools.Pools.Count == 0
        ? "there is none yet"
        : $"there are {string.Join(", ", pools.Pools.Select(static pool => pool.Name))}";
}
