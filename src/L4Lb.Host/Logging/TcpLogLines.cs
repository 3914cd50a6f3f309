using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;

namespace L4Lb.Host.Logging;

/// <summary>
/// The line that HAProxy writes by <c>option tcplog</c>, for what reads those: <c>%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts
/// %ac/%fc/%bc/%sc/%rc %sq/%bq</c> (its configuration manual, 8.2.2 and 8.4). Without the header of syslog, whose it is.
/// </summary>
internal sealed class TcpLogLines : IAccessLines
{
    private const string NoServer = "<NOSRV>";

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output, in SessionRecord session, long weight)
    {
        // Names of HAProxy's have no slash, and readers take what is before the first one for the backend's.
        var service = $"{session.Service.Namespace}.{session.Service.Name}:{session.Service.Port.Replace('/', '-')}";
        var client = session.Client.ToIPEndPoint();
        var retries = Math.Max(session.Attempts - 1, 0);
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{AddressOf(client)}:{client.Port} [{session.Accepted:dd/MMM/yyyy:HH:mm:ss.fff}] {service} {service}/{session.Backend?.ToString() ?? NoServer} ")
            + $"{QueueMs(in session)}/{ConnectMs(in session)}/{Ms(session.TotalTime)} {session.BytesFromBackend} {TerminationCode.Of(in session)} "

            // HAProxy counts the session itself among those of the process and the frontend, and no longer at the backend. The plus
            // is for a retry at another server: ours are all.
            + $"{session.OthersOfProcess + 1}/{session.OthersOfService + 1}/{session.OthersOfService}/{session.OthersOfBackend}/"
            + $"{(retries > 0 ? "+" : "")}{retries} 0/{Math.Max((session.QueuePosition ?? 1) - 1, 0)}\n",
            output);
    }

    /// <summary>As HAProxy has it: no brackets.</summary>
    private static string AddressOf(IPEndPoint client) => client.Address.ToString();

    /// <summary>-1 for those who were turned away before they could have been queued.</summary>
    private static long QueueMs(in SessionRecord session) => session.QueueTime is { } waited ? Ms(waited)
        : session.Reason is CloseReason.SourceDenied or CloseReason.SourceLimited or CloseReason.LimitReached or CloseReason.QueueFull
            or CloseReason.ProxyHeaderInvalid or CloseReason.ProxyHeaderTimeout ? -1 : 0;

    /// <summary>-1 without a connection; a flow has one, at once, when its backend was sent something.</summary>
    private static long ConnectMs(in SessionRecord session) => session switch
    {
        { ConnectTime: { } connected } => Ms(connected - (session.QueueTime ?? TimeSpan.Zero)),
        { Protocol: TransportProtocol.Udp, Requests: > 0 } => 0,
        _ => -1,
    };

    private static long Ms(TimeSpan time) => Math.Max((long)time.TotalMilliseconds, 0);
}
