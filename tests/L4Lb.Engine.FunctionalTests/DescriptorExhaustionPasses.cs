using System.Net.Sockets;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Without descriptors, or without room, accepting pauses; when there are some again it goes on.</summary>
public sealed class DescriptorExhaustionPasses : FunctionalTest
{
    [Fact]
    public async Task At_the_session_limit_clients_wait_in_the_queue_until_one_leaves()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(1)));
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1, MaxSessions = 2 }, service);
        Assert.Equal(2, balancer.SessionLimit);
        TestConnection[] clients = [await ConnectAsync(service), await ConnectAsync(service), await ConnectAsync(service)];
        Assert.Equal([1], await clients[0].ReceiveExactlyAsync(1));
        Assert.Equal([1], await clients[1].ReceiveExactlyAsync(1));

        var waiting = clients[2].ReceiveExactlyAsync(1);
        await Eventually.HoldsAsync(() => balancer.GetTotals().AcceptPauses > 0, () => "accepting goes on");
        Assert.Equal(2, balancer.GetTotals().Accepted);
        Assert.False(waiting.IsCompleted);

        clients[0].Reset();
        Assert.Equal([1], await waiting);
        Assert.Equal(CloseReason.ClientReset, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task Without_a_descriptor_one_client_is_told_and_the_rest_wait()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(1)));
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);
        var open = await ConnectAsync(service);
        Assert.Equal([1], await open.ReceiveExactlyAsync(1));
        var clients = Enumerable.Range(0, 3).Select(_ => Own(NewSocket())).ToArray();

        using (new DescriptorLimit())
        {
            foreach (var client in clients)
            {
                client.Connect(service.Address);
            }

            await Eventually.HoldsAsync(() => balancer.GetTotals().Closed[CloseReason.ResourceExhausted] == 1, () => "nobody is shed");
            Assert.Equal([2], await open.ExchangeAsync(new byte[] { 2 }));
        }

        var answers = new List<int>();
        foreach (var client in clients)
        {
            var (bytes, end) = await ReceiveOneAsync(client);
            answers.Add(end == StreamEnd.Reset ? 0 : bytes);
        }

        // A second one may be shed before the limit is up, never all of them.
        Assert.Contains(1, answers);
        Assert.Equal(0, answers[0]);
        var totals = balancer.GetTotals();
        Assert.InRange(totals.AcceptPauses, 1, 10);
        Assert.Equal(answers.Count(answer => answer == 0), totals.Closed[CloseReason.ResourceExhausted]);
        Assert.Equal(1 + answers.Count(answer => answer == 1), totals.Active);
    }

    [Fact]
    public async Task Without_one_for_the_backend_the_client_is_reset()
    {
        var service = Specs.Service(Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(1)));
        var balancer = await StartAsync(new LoadBalancerOptions { Shards = 1 }, service);
        var client = Own(NewSocket());

        using (var limit = new DescriptorLimit())
        {
            limit.FreeOne();
            client.Connect(service.Address);
            await Log.WaitAsync(1);
        }

        Assert.Equal((0, StreamEnd.Reset), await ReceiveOneAsync(client));
        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.ResourceExhausted, 1), (record.Reason, record.Attempts));
        Assert.All(Assert.Single(balancer.GetServices()).Backends, backend => Assert.Equal(0, backend.ConnectFailures));
        var next = await ConnectAsync(service);
        Assert.Equal([1], await next.ReceiveExactlyAsync(1));
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static async Task<(int Bytes, StreamEnd End)> ReceiveOneAsync(Socket client)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            return (await client.ReceiveAsync(new byte[1], deadline.Token), StreamEnd.Fin);
        }
        catch (SocketException)
        {
            return (0, StreamEnd.Reset);
        }
    }
}
