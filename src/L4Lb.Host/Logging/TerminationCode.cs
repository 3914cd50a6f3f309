using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;

namespace L4Lb.Host.Logging;

/// <summary>
/// A close reason as HAProxy's two letters, for the tools that read those. First letter, who: <c>C</c> client,
/// <c>S</c> server, <c>P</c> refused by the proxy, <c>L</c> ended by the proxy itself, <c>R</c> resources, <c>I</c>
/// internal error, <c>K</c> killed by the operator, <c>D</c> server found dead, <c>c</c>/<c>s</c> timeout of the
/// client/server. Second letter, when: <c>R</c> reading the client's header, <c>Q</c> waiting in the queue, <c>C</c>
/// connecting, <c>D</c> relaying.
/// </summary>
internal static class TerminationCode
{
    private const string Orderly = "--";

    /// <summary>The letters of <paramref name="session"/>.</summary>
    public static string Of(in SessionRecord session) => session switch
    {
        { Reason: CloseReason.ClientGone, QueueTime: not null, Attempts: 0 } => "CQ",

        // Who asks by UDP says nothing when it has its answer.
        { Reason: CloseReason.IdleTimeout, Protocol: TransportProtocol.Udp, Responses: > 0 } => Orderly,
        _ => Of(session.Reason),
    };

    /// <summary>Whether <paramref name="session"/> ended as it should.</summary>
    public static bool IsOrderly(in SessionRecord session) => Of(in session) == Orderly;

    /// <summary>The letters of <paramref name="reason"/>, when nothing more is known.</summary>
    public static string Of(CloseReason reason) => reason switch
    {
        CloseReason.None or CloseReason.Completed => Orderly,
        CloseReason.ClientReset => "CD",
        CloseReason.BackendReset => "SD",
        CloseReason.ClientGone => "CC",
        CloseReason.ConnectRefused or CloseReason.NoBackend => "SC",
        CloseReason.ConnectTimeout => "sC",
        CloseReason.SourceDenied or CloseReason.LimitReached or CloseReason.SourceLimited => "PC",
        CloseReason.QueueFull => "PQ",
        CloseReason.QueueTimeout => "sQ",
        CloseReason.ProxyHeaderInvalid => "PR",
        CloseReason.ProxyHeaderTimeout => "cR",
        CloseReason.BackendDown => "DD",
        CloseReason.IdleTimeout or CloseReason.HalfCloseTimeout => "cD",
        // HAProxy's "D" means a server found dead, which a drain is not: the proxy itself ended the session.
        CloseReason.Drained or CloseReason.BackendRemoved => "LD",
        CloseReason.Shed => "RD",
        CloseReason.Killed => "KD",
        CloseReason.ResourceExhausted => "RC",
        CloseReason.InternalError => "IC",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "has no termination code"),
    };
}
