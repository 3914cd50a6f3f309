using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Explain;

/// <summary>What affinity does for a client, in words.</summary>
internal static class AffinityWords
{
    /// <summary>What it does; null without affinity.</summary>
    public static string? Of(AffinitySpec? affinity, IPAddress client)
    {
        if (affinity is null)
        {
            return null;
        }

        var (bits, all) = client.AddressFamily == AddressFamily.InterNetwork
            ? (affinity.IPv4PrefixLength, 32)
            : (affinity.IPv6PrefixLength, 128);
        return $"{client} keeps the backend of its last session for {GoDuration.Format(affinity.Timeout)}"
            + (bits < all ? $", together with its /{bits}" : "")
            + (affinity.Scope == AffinityScope.Service ? ", on every port of the Service" : "")
            + (affinity.WhenGone == AffinityWhenGone.WaitForDrain ? ", also while that drains" : "")
            + (affinity.FirstPick == AffinityFirstPick.ConsistentHash ? "; a new one is chosen by a hash of its address" : "");
    }
}
