using System.ComponentModel;
using System.Net;

namespace L4Lb.Host.Addresses;

/// <summary>What the kernel has against changing an interface's addresses, by errno.</summary>
internal static class InterfaceProblem
{
    public const int NotPermitted = 1;
    public const int AccessDenied = 13;
    public const int AlreadyThere = 17;
    public const int NoDevice = 19;
    public const int NotThere = 99;

    /// <summary>
    /// What would keep us from changing the addresses of <paramref name="iface"/>; null for nothing. Found out by removing
    /// one that nobody can have, since the kernel asks for the right to do so first.
    /// </summary>
    public static string? OfChanging(IInterfaceAddresses iface) =>
        iface.Remove(IPAddress.Any) is var errno && errno is NotPermitted or AccessDenied or NoDevice ? Describe(errno) : null;

    /// <summary>In words, with what would help.</summary>
    public static string Describe(int errno) => errno switch
    {
        NotPermitted or AccessDenied => "not permitted; it needs the capability CAP_NET_ADMIN",
        NoDevice => "there is no such interface",
        _ => new Win32Exception(errno).Message,
    };
}
