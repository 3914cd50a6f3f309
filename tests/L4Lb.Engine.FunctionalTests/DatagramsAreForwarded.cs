using System.Net;
using System.Net.Sockets;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>UDP: what a client sends reaches one backend, and what comes back reaches that client, from the address that it asked.</summary>
public sealed class DatagramsAreForwarded : FunctionalTest
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task There_and_back(string host)
    {
        var address = IPAddress.Parse(host);
        var backend = Own(DatagramBackend.Echo(new IPEndPoint(address, 0)));
        var service = Specs.Datagrams(Loopback.FreeEndPoint(address), backend);
        var balancer = await StartAsync(service);
        var client = Ask(service);

        for (byte i = 0; i < 100; i++)
        {
            Assert.Equal([i, 2, 3], await client.AskAsync(i, 2, 3));
        }

        Assert.Equal((100, 1), (backend.Received.Count, backend.Flows));
        var totals = balancer.GetTotals();
        Assert.Equal((1L, 1L, 100L, 100L), (totals.Accepted, totals.Active, totals.DatagramsFromClients, totals.DatagramsFromBackends));
        await balancer.DrainAsync(TimeSpan.FromSeconds(5));
        var record = await Log.SingleAsync();
        Assert.Equal(
            (TransportProtocol.Udp, 100L, 100L, 300L, 300L, CloseReason.Drained, 1),
            (record.Protocol, record.Requests, record.Responses, record.BytesFromClient, record.BytesFromBackend, record.Reason, record.Attempts));
        Assert.Equal((AddressKey.From(client.EndPoint), AddressKey.From(service.Address)), (record.Client, record.Listen));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1472)]
    [InlineData(9000)]
    [InlineData(65507)]
    public async Task Of_any_size(int bytes)
    {
        var service = Specs.Datagrams(Own(DatagramBackend.Echo()));
        await StartAsync(service);
        var client = Ask(service);
        var datagram = new byte[bytes];
        new Random(bytes).NextBytes(datagram);

        Assert.Equal(datagram, await client.AskAsync(datagram));
        Assert.Equal(datagram, await client.AskAsync(datagram));
    }

    /// <summary>A connected client drops what comes from elsewhere: that it hears anything is the assertion.</summary>
    [Theory]
    [InlineData("0.0.0.0", "127.1.2.3", "127.9.9.9")]
    [InlineData("::", "::1", "::1")]
    public async Task From_the_very_address_that_was_asked(string any, string one, string other)
    {
        var listen = Loopback.FreeEndPoint(IPAddress.Parse(any));
        await StartAsync(Specs.Datagrams(listen, Own(DatagramBackend.Echo())));

        foreach (var address in (string[])[one, other, one])
        {
            var client = Own(new DatagramSocket(new IPEndPoint(IPAddress.Parse(address), listen.Port)));
            Assert.Equal([7], await client.AskAsync(7));
        }
    }

    [Fact]
    public async Task The_same_port_on_tcp_and_udp()
    {
        var udp = Specs.Datagrams(Own(DatagramBackend.Named(1)));
        var tcp = Specs.Service("dns", udp.Address, Own(LoopbackBackend.Named(2)));
        await StartAsync(udp, tcp);

        Assert.Equal([1, 9], await Ask(udp).AskAsync(9));
        Assert.Equal([2], await (await ConnectAsync(tcp)).ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task A_burst_of_many_clients_and_many_datagrams_each_arrives_in_order()
    {
        const int Clients = 50;
        const int Datagrams = 40;
        var service = Specs.Datagrams(Own(DatagramBackend.Echo()), Own(DatagramBackend.Echo()));
        await StartAsync(service);
        var clients = Enumerable.Range(0, Clients).Select(_ => Ask(service)).ToArray();

        for (var i = 0; i < Datagrams; i++)
        {
            foreach (var (k, client) in clients.Index())
            {
                client.Send([(byte)k, (byte)i]);
            }
        }

        foreach (var (k, client) in clients.Index())
        {
            for (var i = 0; i < Datagrams; i++)
            {
                Assert.Equal([(byte)k, (byte)i], await client.ReceiveAsync());
            }
        }
    }

    [Fact]
    public async Task A_service_without_backends_refuses_and_serves_once_it_has_one()
    {
        var service = Specs.Datagrams(Array.Empty<DatagramBackend>());
        var balancer = await StartAsync(service);
        var client = Ask(service);
        Assert.True(await client.IsRefusedAsync());

        await ApplyAsync(balancer, service.WithDatagramBackends(Own(DatagramBackend.Named(3))));

        Assert.Equal([3, 1], await client.AskAsync(1));
    }

    [Fact]
    public async Task An_address_in_use_is_reported()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var service = Specs.Datagrams((IPEndPoint)other.LocalEndPoint!, Own(DatagramBackend.Echo()));

        var balancer = await StartAsync(service);

        var status = Assert.Single(balancer.GetListeners());
        Assert.Equal(ListenerState.Failed, status.State);
        Assert.Contains("ss -ulnp", status.Problem, StringComparison.Ordinal);
    }
}
