using System.Net;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Backends that are told first who the client is.</summary>
public sealed class ProxyHeaderIsSent : FunctionalTest
{
    private static readonly IPEndPoint s_source = IPEndPoint.Parse("203.0.113.7:40000");
    private static readonly IPEndPoint s_destination = IPEndPoint.Parse("198.51.100.1:443");

    [Theory]
    [InlineData(ProxyProtocolVersion.V1, "127.0.0.1")]
    [InlineData(ProxyProtocolVersion.V2, "127.0.0.1")]
    [InlineData(ProxyProtocolVersion.V1, "::1")]
    [InlineData(ProxyProtocolVersion.V2, "::1")]
    public async Task Before_any_byte_of_the_client(ProxyProtocolVersion version, string front)
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service("web", Loopback.FreeEndPoint(IPAddress.Parse(front)), backend);
        service = service with { ProxyProtocol = new ProxyProtocolSpec { Send = version } };
        await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.SendAsync("first"u8.ToArray());

        using var accepted = await backend.AcceptAsync();
        byte[] expected = [.. Header(version, client.LocalEndPoint, service.Address), .. "first"u8];
        Assert.Equal(expected, await accepted.ReceiveExactlyAsync(expected.Length));

        await accepted.SendAsync("answer"u8.ToArray());
        accepted.FinishSending();
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveExactlyAsync(6));
        client.FinishSending();
        Assert.Equal((0, StreamEnd.Fin), await accepted.ReceiveToEndAsync());
        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.Completed, 5L, 6L, null), (record.Reason, record.BytesFromClient, record.BytesFromBackend, record.Peer));
    }

    [Fact]
    public async Task To_a_backend_that_speaks_first_and_to_one_whose_client_never_speaks()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Sending(Specs.Service(backend));
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);

        using var accepted = await backend.AcceptAsync();
        await accepted.SendAsync("220 ready"u8.ToArray());
        Assert.Equal("220 ready"u8.ToArray(), await client.ReceiveExactlyAsync(9));
        var expected = ProxyHeaders.V2(client.LocalEndPoint, service.Address);
        Assert.Equal(expected, await accepted.ReceiveExactlyAsync(expected.Length));

        client.FinishSending();
        accepted.FinishSending();
        Assert.Equal(0, (await Log.SingleAsync()).BytesFromClient);
        Assert.Equal(0, balancer.GetTotals().BytesFromClients);
    }

    [Fact]
    public async Task To_the_backend_that_answered_after_another_refused()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Sending(Specs.Service(Own(LoopbackBackend.Refuses()), backend));
        await StartAsync(service);
        for (var i = 0; i < 4; i++)
        {
            var client = await ConnectAsync(service);
            await client.SendAsync(new byte[] { 9 });
            using var accepted = await backend.AcceptAsync();
            byte[] expected = [.. ProxyHeaders.V2(client.LocalEndPoint, service.Address), 9];
            Assert.Equal(expected, await accepted.ReceiveExactlyAsync(expected.Length));
            client.Dispose();
        }

        Assert.Contains(await Log.WaitAsync(4), record => record.Attempts == 2);
    }

    public static TheoryData<ProxyProtocolVersion, ProxyProtocolVersion> Pairs => new MatrixTheoryData<ProxyProtocolVersion, ProxyProtocolVersion>(
        [ProxyProtocolVersion.V1, ProxyProtocolVersion.V2], [ProxyProtocolVersion.V1, ProxyProtocolVersion.V2]);

    /// <summary>As the specification wants it (3): what is passed on is what was advertised, destination included.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_a_client_advertised_is_passed_on(ProxyProtocolVersion accepts, ProxyProtocolVersion sends)
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Both(Specs.Service(backend), sends);
        await StartAsync(service);
        var client = await ConnectAsync(service);
        byte[] tlvs = [.. ProxyHeaders.Tlv(2, [.. "a.example"u8]), .. ProxyHeaders.Tlv(0xEA, 1, 2, 3)];
        var header = accepts == ProxyProtocolVersion.V1 ? ProxyHeaders.V1(s_source, s_destination) : ProxyHeaders.V2(s_source, s_destination, tlvs);

        await client.SendAsync((byte[])[.. header, .. "first"u8]);

        using var accepted = await backend.AcceptAsync();
        byte[] expected = [.. accepts == sends ? header : Header(sends, s_source, s_destination), .. "first"u8];
        Assert.Equal(expected, await accepted.ReceiveExactlyAsync(expected.Length));
        client.Dispose();
        accepted.Dispose();
        var record = await Log.SingleAsync();
        Assert.Equal((s_source, 5L), (record.Client.ToIPEndPoint(), record.BytesFromClient));
    }

    /// <summary>Who only probes us is to the backend a client of its own address.</summary>
    [Fact]
    public async Task After_a_local_header_the_peers_own_address_is_sent()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Both(Specs.Service(backend), ProxyProtocolVersion.V2);
        await StartAsync(service);
        var client = await ConnectAsync(service);

        await client.SendAsync(ProxyHeaders.LocalV2);

        using var accepted = await backend.AcceptAsync();
        var expected = ProxyHeaders.V2(client.LocalEndPoint, service.Address);
        Assert.Equal(expected, await accepted.ReceiveExactlyAsync(expected.Length));
    }

    /// <summary>A header has one family: of two, IPv4 goes in its mapped form.</summary>
    [Fact]
    public async Task Of_two_families_the_header_is_IPv6()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Both(Specs.Service("web", Loopback.FreeEndPoint(IPAddress.IPv6Loopback), backend), ProxyProtocolVersion.V1);
        await StartAsync(service);
        var client = await ConnectAsync(service);

        await client.SendAsync("PROXY TCP6 ::ffff:203.0.113.7 2001:db8::1 40000 443\r\n"u8.ToArray());

        using var accepted = await backend.AcceptAsync();
        Assert.Equal("PROXY TCP6 ::ffff:203.0.113.7 2001:db8::1 40000 443\r\n"u8.ToArray(), await accepted.ReceiveExactlyAsync(53));
        client.Dispose();
        accepted.Dispose();
        Assert.Equal(s_source, (await Log.SingleAsync()).Client.ToIPEndPoint());
    }

    [Fact]
    public async Task A_backend_that_resets_before_the_header_ends_the_session()
    {
        var service = Sending(Specs.Service(Own(LoopbackBackend.Resets())));
        await StartAsync(service);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal((0, StreamEnd.Reset), await TestConnection.AskAsync(service.Address));
        }

        foreach (var record in await Log.WaitAsync(50))
        {
            // A reset may also overtake the news that the connect succeeded.
            Assert.True(record.Reason is CloseReason.BackendReset or CloseReason.ConnectRefused, $"{record}");
            Assert.Equal(0, record.BytesFromClient);
        }
    }

    private static ServiceSpec Sending(ServiceSpec service) =>
        service with { ProxyProtocol = new ProxyProtocolSpec { Send = ProxyProtocolVersion.V2 } };

    private static ServiceSpec Both(ServiceSpec service, ProxyProtocolVersion send) =>
        service with { ProxyProtocol = new ProxyProtocolSpec { Accept = true, Send = send, HeaderTimeout = Eventually.Deadline } };

    private static byte[] Header(ProxyProtocolVersion version, IPEndPoint source, IPEndPoint destination) =>
        version == ProxyProtocolVersion.V1 ? ProxyHeaders.V1(source, destination) : ProxyHeaders.V2(source, destination);
}
