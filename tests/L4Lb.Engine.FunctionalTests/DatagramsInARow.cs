using System.Net.Sockets;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Datagrams that cross the kernel as one (UDP GSO and GRO) arrive as what they were.</summary>
public sealed class DatagramsInARow : FunctionalTest
{
    private const int UdpSegment = 103;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Are_told_apart_by_backend_and_client(bool offload)
    {
        const int Segment = 1200;
        const int Count = 20;
        var backend = Own(DatagramBackend.Echo());
        var service = Specs.Datagrams(backend);
        var balancer = await StartAsync(new LoadBalancerOptions { UdpOffload = offload }, service);
        var client = Ask(service);
        var bytes = new byte[(Segment * Count) + 100];
        new Random(1).NextBytes(bytes);
        client.Socket.SetRawSocketOption((int)SocketOptionLevel.Udp, UdpSegment, BitConverter.GetBytes(Segment));

        client.Send(bytes);

        var received = new List<byte>();
        for (var i = 0; i <= Count; i++)
        {
            var datagram = await client.ReceiveAsync();
            Assert.Equal(i < Count ? Segment : 100, datagram.Length);
            received.AddRange(datagram);
        }

        Assert.Equal(bytes, received);
        Assert.Equal(Enumerable.Repeat(Segment, Count).Append(100), backend.Received.Select(r => r.Datagram.Length));
        Assert.Equal((Count + 1L, Count + 1L), (balancer.GetTotals().DatagramsFromClients, balancer.GetTotals().DatagramsFromBackends));
    }

    [Fact]
    public async Task Are_spread_one_by_one_when_each_is_scheduled()
    {
        var (first, second) = (Own(DatagramBackend.Echo()), Own(DatagramBackend.Echo()));
        var service = Specs.Datagrams(first, second).WithDatagrams(new DatagramSpec { Mode = DatagramMode.Datagram });
        await StartAsync(service);
        var client = Ask(service);
        client.Socket.SetRawSocketOption((int)SocketOptionLevel.Udp, UdpSegment, BitConverter.GetBytes(10));

        client.Send(new byte[600]);

        await Eventually.EqualsAsync((30, 30), () => (first.Received.Count, second.Received.Count), "the datagrams that arrived");
    }

    [Fact]
    public async Task Of_different_sizes_keep_their_order()
    {
        var backend = Own(DatagramBackend.Echo());
        var service = Specs.Datagrams(backend);
        await StartAsync(service);
        var client = Ask(service);
        int[] sizes = [100, 100, 100, 50, 100, 0, 100, 100, 7, 7, 7, 1, 2000, 2000, 64];

        for (var round = 0; round < 20; round++)
        {
            foreach (var size in sizes)
            {
                client.Send(new byte[size]);
            }

            foreach (var size in sizes)
            {
                Assert.Equal(size, (await client.ReceiveAsync()).Length);
            }
        }

        Assert.Equal(Enumerable.Repeat(sizes, 20).SelectMany(s => s), backend.Received.Select(r => r.Datagram.Length));
    }
}
