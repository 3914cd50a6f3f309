using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Pools;

/// <summary>An AddressPool that was found valid, with its ranges read. Immutable.</summary>
/// <param name="Source">The object.</param>
/// <param name="Ranges">Its addresses.</param>
public sealed record Pool(AddressPool Source, EquatableArray<AddressRange> Ranges)
{
    /// <summary>Name of the object.</summary>
    public string Name => Source.Metadata.Name;

    /// <summary>Whether the pool has the address and may give it away.</summary>
    public bool Has(UInt128 address)
    {
        foreach (var range in Ranges)
        {
            if (range.Contains(address))
            {
                return IsGivenAway(address);
            }
        }

        return false;
    }

    /// <summary>Whether a Service is among those that it is for.</summary>
    public bool IsFor(AddressRequest request)
    {
        if (Source.Users is not { } users)
        {
            return true;
        }

        var byNamespace = users.Namespaces.Count == 0 && users.NamespaceSelectors.Count == 0;
        byNamespace = byNamespace || users.Namespaces.Contains(request.Service.Metadata.Namespace)
            || users.NamespaceSelectors.Any(selector => selector.Matches(request.NamespaceLabels));
        return byNamespace
            && (users.ServiceSelectors.Count == 0 || users.ServiceSelectors.Any(s => s.Matches(request.Service.Metadata.Labels)));
    }

    /// <summary>Number of addresses of one family that it may give away.</summary>
    public UInt128 Count(bool isIPv4)
    {
        var count = UInt128.Zero;
        foreach (var range in Ranges)
        {
            if (range.IsIPv4 == isIPv4)
            {
                count += CountIn(range);
            }
        }

        return count;
    }

    /// <summary>Number of addresses that it may give away among some of its own.</summary>
    internal UInt128 CountIn(in AddressRange range) =>
        range.Count - (Source.AvoidBuggyIPs && range.IsIPv4 ? Ending(range, 0) + Ending(range, 255) : 0);

    /// <summary>Whether it gives away an address of its ranges.</summary>
    internal bool IsGivenAway(UInt128 address) =>
        !Source.AvoidBuggyIPs || !new AddressKey(address, 0).IsIPv4 || (byte)address is not (0 or 255);

    /// <summary>Number of addresses whose last byte is <paramref name="value"/>.</summary>
    private static UInt128 Ending(in AddressRange range, byte value)
    {
        var upTo = (range.Last - value + 256) >> 8;
        var before = (range.First - value + 255) >> 8;
        return upTo - before;
    }
}
