using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Datagrams;

/// <summary>Sending several datagrams as one (UDP GSO).</summary>
internal static class Segmentation
{
    /// <summary>
    /// Whether the error may mean that only this cannot be done (Linux net/ipv4/udp.c, udp_send_skb): a segment beyond the
    /// MTU (EINVAL, EMSGSIZE), a device that computes no checksums (EIO), a kernel before 4.18 (EINVAL).
    /// </summary>
    internal static bool IsRefusal(Errno error) => error is Errno.EINVAL or Errno.EMSGSIZE or Errno.EIO;
}
