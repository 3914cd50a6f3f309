using L4Lb.Engine.Desired;
using L4Lb.Engine.ProxyProtocol;
using L4Lb.Engine.Relaying;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Sessions;

/// <summary>
/// What a backend gets before the relay reads anything: the header that it wants, then what the client sent with its own.
/// </summary>
internal static class ProxyHandover
{
    /// <summary>Hands it over; how that went, the relay's run tells. Shard thread only.</summary>
    /// <param name="relay">The relay, which has not begun.</param>
    /// <param name="buffers">The shard's buffers, of which the shared one is used.</param>
    /// <param name="rules">Which header the backend wants; null for none.</param>
    /// <param name="flow">The client and what it addressed.</param>
    /// <param name="accepted">The client's own header; null when it had to send none.</param>
    internal static unsafe void Begin(
        Relay relay, BufferPool buffers, ProxyProtocolRules? rules, in FlowKey flow, ProxyHeaderReader? accepted)
    {
        var target = new Span<byte>(buffers.Shared.Pointer, buffers.Shared.Length);

        // Of a chain of proxies, the last tells what the first was told: also the destination is that one's.
        var header = accepted?.Header ?? default;
        var addresses = header.Addresses ?? new ProxyAddresses(flow.Client, flow.Listen);
        var headerBytes = ProxyHeaderWriter.Write(target, rules?.Send ?? ProxyProtocolVersion.None, addresses, header.Tlvs.AsSpan());
        var payloadBytes = accepted?.TakePayload(target[headerBytes..]) ?? 0;
        if (headerBytes + payloadBytes > 0)
        {
            relay.Begin(headerBytes + payloadBytes, foreign: headerBytes);
        }
    }
}
