namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>Brings a connection to where its peer reads nothing and every buffer on the way is full.</summary>
internal static class Stall
{
    /// <summary>
    /// Sends until the balancer holds bytes that it cannot get rid of and has stopped reading. Returns how many were sent.
    /// </summary>
    internal static async Task<long> FillAsync(TestConnection sender, Payload payload, LoadBalancer balancer)
    {
        var sent = 0L;
        var quietTurns = 0;
        sender.Socket.Blocking = false;
        await Eventually.HoldsAsync(
            () =>
            {
                var before = sent;
                while (true)
                {
                    var count = sender.Socket.Send(payload.At(sent, 64 * 1024).Span, default, out var error);
                    if (error != System.Net.Sockets.SocketError.Success)
                    {
                        break;
                    }

                    sent += count;
                }

                // The kernel moves bytes between the buffers for a while after the first time that there was no room.
                quietTurns = sent == before && balancer.BuffersRented > 0 ? quietTurns + 1 : 0;
                return quietTurns >= 50;
            },
            () => $"after {sent} bytes the stream still flows, {balancer.BuffersRented} buffers are rented");
        sender.Socket.Blocking = true;
        return sent;
    }
}
