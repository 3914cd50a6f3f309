using System.Net.Sockets;
using System.Text;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Probes;

/// <summary>
/// Sends a datagram. With an expected answer, the first one decides. With none, a backend is well that does not refuse
/// by ICMP: whoever answers anything is at once, and who is silent is after <see cref="Silence"/>.
/// </summary>
internal sealed class UdpProbe(ProbeSpec spec) : IProbe
{
    /// <summary>
    /// How long silence must last to be good, if the timeout is not shorter. A refusal comes within a round trip, which
    /// inside one network is far less; more would only keep others from being checked.
    /// </summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    private const int MostAnswer = 65535;

    private readonly byte[] _send = Encoding.Latin1.GetBytes(spec.Send);
    private readonly byte[] _expect = Encoding.Latin1.GetBytes(spec.Expect);

    public async Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        if (_expect.Length == 0)
        {
            patience.CancelAfter(Silence);
        }

        try
        {
            using var socket = new Socket(target.Address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);

            // Connected, so that nobody else's answer is taken for it, and the kernel reports a refusal.
            await socket.ConnectAsync(target.Address, deadline);
            byte[] datagram = [.. target.DatagramPrefix.Span, .. _send];
            await socket.SendAsync(datagram, SocketFlags.None, deadline);
            var buffer = new byte[_expect.Length == 0 ? 1 : MostAnswer];
            var length = await ReceiveAsync(socket, buffer, patience.Token);
            return _expect.Length == 0 ? ProbeResult.Passed(CheckCode.L4OK)
                : buffer.AsSpan(0, length).IndexOf(_expect) >= 0 ? ProbeResult.Passed(CheckCode.L7OK)
                : ProbeResult.Failed(CheckCode.L7RSP, "not the expected answer");
        }
        catch (OperationCanceledException)
        {
            return _expect.Length == 0 ? ProbeResult.Passed(CheckCode.L4OK) : ProbeResult.Failed(CheckCode.L7TOUT);
        }
        catch (SocketException e)
        {
            return ProbeResult.Of(e, CheckCode.L4CON);
        }
    }

    private static async ValueTask<int> ReceiveAsync(Socket socket, byte[] buffer, CancellationToken deadline)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, deadline);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            // Longer than there was room for; it is an answer all the same.
            return buffer.Length;
        }
    }
}
