using System.Globalization;
using System.Net;

namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>What the kernel holds for the other end of a connection on this machine (proc_net_tcp.txt); IPv4.</summary>
internal static class ReceiveQueue
{
    /// <summary>Completes once the other end of <paramref name="client"/> has read everything that was sent.</summary>
    internal static Task IsEmptyAsync(TestConnection client)
    {
        var ends = $"{Name((IPEndPoint)client.Socket.RemoteEndPoint!)} {Name(client.LocalEndPoint)} ";
        return Eventually.EqualsAsync(0, () => Bytes(ends), $"the receive queue of {ends}");
    }

    private static int Bytes(string ends)
    {
        var line = File.ReadLines("/proc/net/tcp").Single(l => l.Contains(ends, StringComparison.Ordinal));
        var queues = line[(line.IndexOf(ends, StringComparison.Ordinal) + ends.Length)..].Split(' ')[1];
        return int.Parse(queues.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static string Name(IPEndPoint endPoint) =>
        $"{BitConverter.ToUInt32(endPoint.Address.GetAddressBytes()):X8}:{endPoint.Port:X4}";
}
