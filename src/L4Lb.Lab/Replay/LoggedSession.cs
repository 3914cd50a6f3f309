using L4Lb.Engine.Desired;

namespace L4Lb.Lab.Replay;

/// <summary>A session or flow as an access log has it.</summary>
/// <param name="AcceptedTicks">When the client was accepted, in ticks of UTC.</param>
/// <param name="Client">Who it was.</param>
/// <param name="Service">The service port, as <see cref="ServiceName.Plain"/> has it.</param>
/// <param name="Backend">Who served; null when nobody did.</param>
/// <param name="Queued">Seconds in the service's queue.</param>
/// <param name="Connect">Seconds from accept to the backend's connection, those in the queue included; null without one.</param>
/// <param name="Total">Seconds from accept to close.</param>
/// <param name="Attempts">Backends tried.</param>
/// <param name="Weight">Sessions that it stands for.</param>
/// <param name="IsUdp">It is a flow; logs in HAProxy's form do not say.</param>
public readonly record struct LoggedSession(
    long AcceptedTicks, AddressKey Client, string Service, AddressKey? Backend, double Queued, double? Connect, double Total, int Attempts,
    long Weight, bool IsUdp)
{
    /// <summary>A backend was connected, or was sent the flow's datagrams.</summary>
    public bool WasServed => Backend is not null && (Connect is not null || IsUdp);
}
