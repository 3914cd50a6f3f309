using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Translation;

/// <summary>
/// The client networks that a Service of type LoadBalancer lets in. They hold for every way in from outside, not for
/// the load balancer address alone: who closes a door does not mean to leave the NodePort beside it open.
/// </summary>
internal static class SourceRanges
{
    private const string FieldPath = "spec.loadBalancerSourceRanges";

    /// <summary>Reads the field or, when it is empty, the older annotation.</summary>
    public static EquatableArray<IPNetwork> Read(Service service, ICollection<Diagnostic> diagnostics)
    {
        if (service.Type != "LoadBalancer")
        {
            return [];
        }

        IEnumerable<string> texts = service.LoadBalancerSourceRanges;
        var path = FieldPath;
        if (service.LoadBalancerSourceRanges.Count == 0)
        {
            if (!service.Metadata.Annotations.TryGetValue(AnnotationNames.LoadBalancerSourceRanges, out var annotation)
                || annotation.Trim().Length == 0)
            {
                return [];
            }

            texts = annotation.Split(',');
            path = AnnotationNames.PathOf(AnnotationNames.LoadBalancerSourceRanges);
        }

        var ranges = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (AddressText.TryParseNetwork(text.Trim(), out var range))
            {
                ranges.Add(range);
            }
            else
            {
                diagnostics.Refuse(
                    service, path,
                    $"Invalid value: \"{text.Trim()}\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            }
        }

        return ranges.ToEquatableArray();
    }

    /// <summary>
    /// The ranges that matter for clients of <paramref name="family"/>. When there are ranges but none of that
    /// family, all of them stay: nobody of the family is in any, whereas an empty list would let everybody in.
    /// </summary>
    public static EquatableArray<IPNetwork> Of(EquatableArray<IPNetwork> ranges, AddressFamily family)
    {
        var matching = ranges.Where(r => r.BaseAddress.AddressFamily == family).ToEquatableArray();
        return matching.Count > 0 ? matching : ranges;
    }
}
