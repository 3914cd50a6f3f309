using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Annotations;

/// <summary>The annotations about load balancer addresses.</summary>
internal static class ProviderAnnotations
{
    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read)
    {
        switch (text.Name)
        {
            case AnnotationNames.LoadBalancerIPs or AnnotationNames.MetalLBLoadBalancerIPs:
                return read with { LoadBalancerIPs = ReadAddresses(text, read.LoadBalancerIPs) };
            case AnnotationNames.AddressPool or AnnotationNames.MetalLBAddressPool:
                ReadLater(text, IsPoolName(text.Value) ? null : "expected a pool's name");
                return read;
            case AnnotationNames.AllowSharedIP or AnnotationNames.MetalLBAllowSharedIP:
                ReadLater(text, text.Value.Length > 0 ? null : "expected a sharing key, any text");
                return read;
            default:
                return null;
        }
    }

    /// <summary>Annotations whose syntax is fixed but which this version does not act on.</summary>
    private static void ReadLater(AnnotationText text, string? problem)
    {
        text.Refuse(problem);
        if (problem is null)
        {
            text.Warn("understood, but this version does not act on it yet");
        }
    }

    private static bool IsPoolName(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    private static EquatableArray<IPAddress> ReadAddresses(AnnotationText text, EquatableArray<IPAddress> read)
    {
        var addresses = new List<IPAddress>(read);
        foreach (var item in text.Value.Split(',', StringSplitOptions.TrimEntries))
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

        if (text.Service.Type != "LoadBalancer")
        {
            text.Warn("has no effect: spec.type is not LoadBalancer");
        }

        return addresses.ToEquatableArray();
    }
}
