namespace L4Lb.Engine.FunctionalTests;

/// <summary>
/// A model test: both sides write, read, pause and finish at random, and what each receives is what the other sent.
/// </summary>
public sealed class RandomStreamsArriveWhole : FunctionalTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task In_both_directions(int seed)
    {
        var random = new Random(seed);
        var backend = Own(LoopbackBackend.Manual(receiveBuffer: random.Next(2) == 0 ? 4096 : null));
        var service = Specs.Service(backend);
        await StartAsync(new LoadBalancerOptions { Splice = seed % 2 == 0 }, service);
        long fromClients = 0, fromBackends = 0;
        for (var round = 0; round < 6; round++)
        {
            var client = await ConnectAsync(service, receiveBuffer: random.Next(2) == 0 ? 4096 : null);
            var server = Own(await backend.AcceptAsync());
            var (toServer, toClient) = (new Payload(random.Next()), new Payload(random.Next()));
            var sizes = (Client: NextSize(random), Server: NextSize(random));
            var clientSends = SendAsync(client, toServer, sizes.Client, new Random(random.Next()));
            var serverSends = SendAsync(server, toClient, sizes.Server, new Random(random.Next()));
            var serverReceives = ReceiveAsync(server, toServer, new Random(random.Next()));
            var clientReceives = ReceiveAsync(client, toClient, new Random(random.Next()));

            await Task.WhenAll(clientSends, serverSends, serverReceives, clientReceives);
            Assert.Equal(sizes, ((int)await serverReceives, (int)await clientReceives));
            (fromClients, fromBackends) = (fromClients + sizes.Client, fromBackends + sizes.Server);
        }

        var records = await Log.WaitAsync(6);
        Assert.All(records, record => Assert.Equal(CloseReason.Completed, record.Reason));
        Assert.Equal(fromClients, records.Sum(record => record.BytesFromClient));
        Assert.Equal(fromBackends, records.Sum(record => record.BytesFromBackend));
    }

    /// <summary>All magnitudes are equally likely, nothing at all included.</summary>
    private static int NextSize(Random random) => random.Next((1 << random.Next(1, 25)));

    private static async Task SendAsync(TestConnection connection, Payload payload, int size, Random random)
    {
        for (var sent = 0; sent < size;)
        {
            var part = Math.Min(size - sent, random.Next(1, 1 << random.Next(1, 20)));
            await connection.SendAsync(payload.At(sent, part));
            sent += part;
            if (random.Next(4) == 0)
            {
                await Task.Yield();
            }
        }

        connection.FinishSending();
    }

    private static async Task<long> ReceiveAsync(TestConnection connection, Payload payload, Random random)
    {
        var buffer = new byte[1 << 18];
        for (var total = 0L; ;)
        {
            var count = await connection.ReceiveAsync(buffer.AsMemory(0, random.Next(1, 1 << random.Next(10, 19))));
            if (count == 0)
            {
                return total;
            }

            payload.Check(total, buffer.AsSpan(0, count));
            total += count;
            if (random.Next(8) == 0)
            {
                await Task.Yield();
            }
        }
    }
}
