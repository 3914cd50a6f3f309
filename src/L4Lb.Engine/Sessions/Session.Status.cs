using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Sessions;

/// <content>What there is to say of a session while it lasts.</content>
internal sealed partial class Session
{
    /// <summary>Whether it is one of those that are meant.</summary>
    internal bool Fits(SessionQuery query) =>
        query.Fits(Id, TransportProtocol.Tcp, _target.Service.Key, _flow.Client, Backend?.Address);

    /// <summary>What there is to say of it.</summary>
    internal SessionStatus Status() => new()
    {
        Id = Id,
        Protocol = TransportProtocol.Tcp,
        Service = _target.Service.Key,
        Client = _flow.Client,
        Listen = _flow.Listen,
        Backend = Backend?.Address,
        Phase = Phase,
        Accepted = _accepted,
        Idle = _relay is null ? TimeSpan.Zero : TimeSpan.FromMilliseconds(NowMs - _relay.LastActivityMs),
        ConnectTime = _connectTime,
        Attempts = _connector.Attempts,
        BytesFromClient = _relay?.BytesFromClient ?? 0,
        BytesFromBackend = _relay?.BytesFromBackend ?? 0,
        Shard = Shard,
    };

    private SessionPhase Phase =>
        _relay is { IsHalfClosed: true } ? SessionPhase.HalfClosed
        : _relay is not null && _drainAtMs != long.MaxValue ? SessionPhase.Draining
        : _relay is not null ? SessionPhase.Established
        : _ticket is { IsCompleted: false } ? SessionPhase.Queued
        : _proxyHeader is not null && _connector.Attempts == 0 ? SessionPhase.ReadingHeader
        : SessionPhase.Connecting;
}
