using System.Globalization;

namespace L4Lb.SystemTests.Support;

/// <summary>The kernel's table of TCP sockets.</summary>
internal static class TcpTable
{
    /// <summary>Reads the table as the process sees it: that of its network namespace.</summary>
    public static IReadOnlyList<TcpSocket> Read(int process) =>
    [
        .. new[] { "tcp", "tcp6" }.SelectMany(name => File.ReadLines($"/proc/{process}/net/{name}").Skip(1)).Select(Parse),
    ];

    /// <summary>The ports that are listened on, each once.</summary>
    public static IReadOnlySet<int> ListeningPorts(int process) =>
        Read(process).Where(s => s.State == TcpState.Listen).Select(s => s.LocalPort).ToHashSet();

    private static TcpSocket Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new TcpSocket(Port(fields[1]), Port(fields[2]), (TcpState)int.Parse(fields[3], NumberStyles.HexNumber));
    }

    private static int Port(string address) => int.Parse(address[(address.LastIndexOf(':') + 1)..], NumberStyles.HexNumber);
}

/// <summary>One socket of the table.</summary>
internal sealed record TcpSocket(int LocalPort, int RemotePort, TcpState State);

/// <summary>The kernel's numbers (include/net/tcp_states.h).</summary>
internal enum TcpState
{
    None = 0,
    Established = 1,
    SynSent = 2,
    SynReceived = 3,
    FinWait1 = 4,
    FinWait2 = 5,
    TimeWait = 6,
    Close = 7,
    CloseWait = 8,
    LastAck = 9,
    Listen = 10,
    Closing = 11,
    NewSynReceived = 12,
}
