using System.Net.Sockets;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>
/// Urgent data, an old corner of TCP that some database and terminal protocols still use, ends every read before it:
/// what follows must arrive all the same. The urgent byte itself is not in the stream.
/// </summary>
public sealed class UrgentDataDoesNotStop : FunctionalTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(30_000_000)]
    public async Task The_stream(int bytes)
    {
        var payload = new Payload(seed: 9);
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend);
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        var server = Own(await backend.AcceptAsync());

        var receiving = server.ReceiveToEndAsync(payload);

        // Behind it in the queue lies more, and then nothing comes for as long as that has not arrived.
        await client.SendAsync(payload, bytes);
        await client.Socket.SendAsync(new byte[] { 255 }, SocketFlags.OutOfBand);
        await client.SendAsync(payload.At(bytes, 100));
        await Eventually.HoldsAsync(
            () => balancer.GetTotals().BytesFromClients == bytes + 100,
            () => $"{balancer.GetTotals().BytesFromClients} of {bytes + 100} bytes were handed over");
        client.FinishSending();

        Assert.Equal((bytes + 100, StreamEnd.Fin), await receiving);
    }
}
