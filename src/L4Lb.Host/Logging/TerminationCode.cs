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
    /// <summary>The letters of <paramref name="reason"/>.</summary>
    public static string Of(CloseReason reason) => reason switch
    {
        CloseReason.None or CloseReason.Completed => "--",
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
