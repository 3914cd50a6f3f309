using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Annotations;

/// <summary>
/// The annotations about load balancer addresses, under our own names and MetalLB's. They come sorted, ours first: who is
/// there first decides, and who says otherwise is told that it has no effect.
/// </summary>
internal static class ProviderAnnotations
{
    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read)
    {
        switch (text.Name)
        {
            case AnnotationNames.LoadBalancerIPs:
            case AnnotationNames.MetalLBLoadBalancerIPs:
            case AnnotationNames.OldMetalLBLoadBalancerIPs:
                var isSaid = read.LoadBalancerIPs.Count > 0;
                return read with { LoadBalancerIPs = First(text, read.LoadBalancerIPs, ReadAddresses(text), isSaid) };
            case AnnotationNames.AddressPool:
            case AnnotationNames.MetalLBAddressPool:
            case AnnotationNames.OldMetalLBAddressPool:
                return read with { AddressPool = First(text, read.AddressPool, ReadPool(text), read.AddressPool.Length > 0) };
            case AnnotationNames.AllowSharedIP:
            case AnnotationNames.MetalLBAllowSharedIP:
            case AnnotationNames.OldMetalLBAllowSharedIP:
                return read with { SharingKey = First(text, read.SharingKey, text.Value, read.SharingKey.Length > 0) };
            default:
                return null;
        }
    }

    /// <summary>What was said first, and warnings about this annotation, which was read just now.</summary>
    private static T First<T>(AnnotationText text, T before, T now, bool isSaid)
    {
        if (text.Service.Type != "LoadBalancer")
        {
            text.Warn("has no effect: spec.type is not LoadBalancer");
        }
        else if (text.Value.Length == 0)
        {
            text.Warn("has no effect: it is empty");
        }
        else if (isSaid && !EqualityComparer<T>.Default.Equals(before, now))
        {
            text.Warn("has no effect: another annotation, whose name comes first, says otherwise");
        }

        if (text.Name.StartsWith(AnnotationNames.OldMetalLBPrefix, StringComparison.Ordinal))
        {
            var name = text.Name[AnnotationNames.OldMetalLBPrefix.Length..];
            text.Warn($"deprecated prefix; write {AnnotationNames.MetalLBPrefix}{name}");
        }

        return isSaid ? before : now;
    }

    private static string ReadPool(AnnotationText text)
    {
        var isName = text.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
        text.Refuse(isName ? null : "expected a pool's name");
        return isName ? text.Value : "";
    }

    private static EquatableArray<IPAddress> ReadAddresses(AnnotationText text)
    {
        var addresses = new List<IPAddress>();
        foreach (var item in text.Value.Length == 0 ? [] : text.Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!AddressText.TryParse(item, out var address))
            {
                text.Refuse($"\"{item}\" is not an IP address; expected addresses, comma separated");
            }
            else if (!addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        return addresses.ToEquatableArray();
    }
}
