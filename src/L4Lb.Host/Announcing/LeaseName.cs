using System.Net;

namespace L4Lb.Host.Announcing;

/// <summary>
/// Names the Lease of an address: one for each address and not for each Service, so that Services which share an address
/// are on one node. Pure.
/// </summary>
internal static class LeaseName
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "l4lb-vip-";

    /// <summary>
    /// A name that the API server accepts (RFC 1123: letters, digits and dashes, and no dash at the end), and that people
    /// find the address in: <c>l4lb-vip-10-0-0-1</c>, <c>l4lb-vip-2001-db8--1</c>.
    /// </summary>
    public static string Of(IPAddress address)
    {
        // Else ::ffff:1.2.3.4 would be named as ::ffff:1:2:3:4 is.
        var text = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString().Replace('.', '-').Replace(':', '-');
        return $"{Prefix}{text}{(text.EndsWith('-') ? "0" : "")}";
    }
}
