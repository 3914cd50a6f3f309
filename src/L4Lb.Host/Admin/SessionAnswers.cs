using L4Lb.Engine;

namespace L4Lb.Host.Admin;

/// <summary>One open session or flow in <c>/api/v1/sessions</c> and <c>/api/v1/flows</c>.</summary>
/// <param name="Id">Its number, by which it can be killed.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Namespace">Namespace of the Service.</param>
/// <param name="Service">Name of the Service.</param>
/// <param name="Port">Port name, or <c>80/tcp</c>-like when it has none.</param>
/// <param name="Client">Address and port of the client.</param>
/// <param name="Listen">Address and port that the client addressed.</param>
/// <param name="Backend">Address and port of the backend that serves or is tried; null when there is none yet.</param>
/// <param name="Phase"><c>readingHeader</c>, <c>queued</c>, <c>connecting</c>, <c>established</c>, <c>halfClosed</c> or <c>draining</c>.</param>
/// <param name="Accepted">When it began, UTC.</param>
/// <param name="IdleMs">Milliseconds since something was relayed.</param>
/// <param name="ConnectMicros">Microseconds from accepted to connected; null before, and for flows.</param>
/// <param name="Attempts">Backends tried.</param>
/// <param name="BytesFromClient">Bytes handed to the backend.</param>
/// <param name="BytesFromBackend">Bytes handed to the client.</param>
/// <param name="Requests">Datagrams of the client.</param>
/// <param name="Responses">Datagrams of the backend.</param>
/// <param name="Shard">The shard that it is on.</param>
internal sealed record SessionAnswer(
    long Id, string Protocol, string Namespace, string Service, string Port, string Client, string Listen, string? Backend, string Phase,
    DateTime Accepted, long IdleMs, long? ConnectMicros, int Attempts, long BytesFromClient, long BytesFromBackend, long Requests,
    long Responses, int Shard)
{
    /// <summary>What is known of <paramref name="session"/>.</summary>
    public static SessionAnswer Of(SessionStatus session) => new(
        session.Id,
        session.Protocol.ToString().ToLowerInvariant(),
        session.Service.Namespace,
        session.Service.Name,
        session.Service.Port,
        session.Client.ToString(),
        session.Listen.ToString(),
        session.Backend?.ToString(),
        WordOf.Value(session.Phase),
        session.Accepted,
        (long)session.Idle.TotalMilliseconds,
        session.ConnectTime is { } time ? (long)time.TotalMicroseconds : null,
        session.Attempts,
        session.BytesFromClient,
        session.BytesFromBackend,
        session.Requests,
        session.Responses,
        session.Shard);
}

/// <summary>The answer of <c>DELETE /api/v1/sessions</c>.</summary>
/// <param name="Killed">How many were ended.</param>
internal sealed record KilledAnswer(int Killed);
