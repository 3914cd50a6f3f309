using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Explain;

/// <summary>What a UDP flow is, in words.</summary>
internal static class DatagramWords
{
    /// <summary>A line for each rule; none for a service of another protocol.</summary>
    public static IReadOnlyList<string> Of(ServiceSpec service)
    {
        if (service.Protocol != TransportProtocol.Udp)
        {
            return [];
        }

        var datagrams = service.Datagrams;
        IEnumerable<string> lines = datagrams.Mode == DatagramMode.Datagram
            ? ["no flows: each datagram is scheduled by itself, and what backends send back is dropped"]
            : OfFlows(datagrams, service.Timeouts);
        return datagrams.MaxBytes < DatagramSpec.MaxDatagramBytes
            ? [.. lines, $"datagrams of more than {datagrams.MaxBytes} bytes are dropped"]
            : [.. lines];
    }

    private static IEnumerable<string> OfFlows(DatagramSpec datagrams, TimeoutSpec timeouts)
    {
        yield return $"a client address and port keeps its backend until both are silent for {GoDuration.Format(timeouts.Idle)}";
        if (datagrams.Requests > 0)
        {
            yield return datagrams.Requests == 1
                ? "requests: every datagram of the client begins a flow of its own"
                : $"requests: after {datagrams.Requests} datagrams of the client the next one begins a new flow";
        }

        if (datagrams.Responses is { } responses)
        {
            var bound = datagrams.Requests > 1 ? $", once there were {datagrams.Requests} of them" : "";
            yield return responses switch
            {
                0 => $"responses: no answer is expected, so it is over with what the client sent{bound}",
                1 => $"responses: it is over when each datagram of the client has its answer{bound}",
                _ => $"responses: it is over when each datagram of the client has its {responses} answers{bound}",
            };
        }

        yield return datagrams.Resend && timeouts.ConnectAttempts > 1
            ? $"resend: the first datagram that an unreachable backend left unanswered goes to the next one, {timeouts.ConnectAttempts} backends at most"
            : "resend: what an unreachable backend left unanswered is lost; the client's next datagram picks anew";
        yield return datagrams.WhenFull == FlowsFull.Shed
            ? "when full: the oldest idle flow makes way for a new one"
            : "when full: new clients are dropped";
    }
}
