using System.Net;
using System.Text;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>A client that speaks for another: whose session it is then, and that not a byte after the header is lost.</summary>
public sealed class ProxyHeaderIsAccepted : FunctionalTest
{
    private static readonly IPEndPoint s_source = IPEndPoint.Parse("203.0.113.7:40000");
    private static readonly IPEndPoint s_destination = IPEndPoint.Parse("198.51.100.1:443");
    private static readonly IPEndPoint s_source6 = IPEndPoint.Parse("[2001:db8::7]:40000");
    private static readonly IPEndPoint s_destination6 = IPEndPoint.Parse("[2001:db8::1]:443");

    public static TheoryData<string> Kinds => ["v1", "v2", "v1 over IPv6", "v2 over IPv6", "v2 with TLVs", "v2 with many TLVs"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_session_is_the_clients_that_the_header_names(string kind)
    {
        var header = Header(kind);
        var service = await StartAcceptingAsync();
        var client = await ConnectAsync(service);

        await client.SendAsync(header);
        Assert.Equal([1, 2, 3], await client.ExchangeAsync(new byte[] { 1, 2, 3 }));
        client.FinishSending();
        await client.ReceiveToEndAsync();

        var record = await Log.SingleAsync();
        Assert.Equal(kind.EndsWith("IPv6", StringComparison.Ordinal) ? s_source6 : s_source, record.Client.ToIPEndPoint());
        Assert.Equal(client.LocalEndPoint, record.Peer!.Value.ToIPEndPoint());
        Assert.Equal(service.Address, record.Listen.ToIPEndPoint());
        Assert.Equal((CloseReason.Completed, 3L, 3L, null), (record.Reason, record.BytesFromClient, record.BytesFromBackend, record.Detail));
    }

    /// <summary>Each piece is read before the next is sent: a TCP stream owes nobody its segments.</summary>
    [Theory]
    [InlineData("v1")]
    [InlineData("v2 with TLVs")]
    public async Task Split_at_every_byte(string kind)
    {
        byte[] stream = [.. Header(kind), .. "first"u8];
        var service = await StartAcceptingAsync();
        for (var split = 1; split < stream.Length; split++)
        {
            using var client = await TestConnection.ConnectAsync(service.Address);
            await client.SendAsync(stream.AsMemory(0, split));
            await ReceiveQueue.IsEmptyAsync(client);
            await client.SendAsync(stream.AsMemory(split));
            Assert.Equal("first"u8.ToArray(), await client.ReceiveExactlyAsync(5));
        }

        foreach (var record in await Log.WaitAsync(stream.Length - 1))
        {
            Assert.Equal((s_source, 5L), (record.Client.ToIPEndPoint(), record.BytesFromClient));
        }
    }

    [Fact]
    public async Task Byte_by_byte()
    {
        byte[] stream = [.. Header("v2 with TLVs"), .. "first"u8];
        var service = await StartAcceptingAsync();
        var client = await ConnectAsync(service);
        for (var i = 0; i < stream.Length; i++)
        {
            await client.SendAsync(stream.AsMemory(i, 1));
            await ReceiveQueue.IsEmptyAsync(client);
        }

        Assert.Equal("first"u8.ToArray(), await client.ReceiveExactlyAsync(5));
    }

    /// <summary>Of sizes around that of the reader's buffers, in one segment with the header or in many.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(483)]
    [InlineData(484)]
    [InlineData(485)]
    [InlineData(4068)]
    [InlineData(4069)]
    [InlineData(300_000)]
    [InlineData(1_000_000)]
    public async Task What_follows_the_header_at_once_arrives_whole(int bytes)
    {
        var payload = new Payload(seed: 11);
        var backend = Own(LoopbackBackend.AnswersAfterEnd(payload, 1000));
        var service = Accepting(Specs.Service(backend));
        await StartAsync(service);
        var client = await ConnectAsync(service);

        await client.SendAsync((byte[])[.. ProxyHeaders.V2(s_source, s_destination), .. payload.At(0, bytes).Span]);
        client.FinishSending();

        Assert.Equal((1000, StreamEnd.Fin), await client.ReceiveToEndAsync(payload));
        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.Completed, (long)bytes), (record.Reason, record.BytesFromClient));
    }

    [Fact]
    public async Task The_longest_header_is_read()
    {
        byte[] tlv = ProxyHeaders.Tlv(0xE0, new byte[4096 - 28 - 3]);
        var service = await StartAcceptingAsync();
        var client = await ConnectAsync(service);

        await client.SendAsync((byte[])[.. ProxyHeaders.V2(s_source, s_destination, tlv), .. "first"u8]);

        Assert.Equal("first"u8.ToArray(), await client.ReceiveExactlyAsync(5));
    }

    public static TheoryData<string> ThatNameNobody => ["local", "unknown"];

    [Theory]
    [MemberData(nameof(ThatNameNobody))]
    public async Task A_header_that_names_nobody_leaves_the_peer_its_address(string kind)
    {
        var service = await StartAcceptingAsync();
        var client = await ConnectAsync(service);

        await client.SendAsync(kind == "local" ? ProxyHeaders.LocalV2 : Encoding.ASCII.GetBytes("PROXY UNKNOWN\r\n"));
        Assert.Equal([1], await client.ExchangeAsync(new byte[] { 1 }));
        client.Dispose();

        var record = await Log.SingleAsync();
        Assert.Equal((client.LocalEndPoint, null), (record.Client.ToIPEndPoint(), record.Peer));
    }

    [Fact]
    public async Task Source_ranges_are_for_the_client_that_the_header_names()
    {
        var service = Accepting(Specs.Service(Own(LoopbackBackend.Echo())).WithSourceRanges("203.0.113.0/24"));
        await StartAsync(service);
        var inside = await ConnectAsync(service);
        await inside.SendAsync(ProxyHeaders.V2(s_source, s_destination));
        Assert.Equal([1], await inside.ExchangeAsync(new byte[] { 1 }));
        inside.Dispose();

        var outside = await ConnectAsync(service);
        await outside.SendAsync(ProxyHeaders.V2(IPEndPoint.Parse("203.0.114.1:1"), s_destination));

        Assert.Equal((0, StreamEnd.Reset), await outside.ReceiveToEndAsync());
        var denied = Assert.Single(await Log.WaitAsync(2), record => record.Reason == CloseReason.SourceDenied);
        Assert.Equal("203.0.114.1:1", denied.Client.ToString());
    }

    [Fact]
    public async Task Affinity_is_for_the_client_that_the_header_names()
    {
        var service = Accepting(Specs.Service([.. Enumerable.Range(1, 3).Select(i => Own(LoopbackBackend.Named((byte)i)))]));
        service = service with { Affinity = new AffinitySpec() };
        var balancer = await StartAsync(service);

        Task<byte[]> AskAsync(int client) => AskAsAsync(service, $"203.0.113.{client}:{40000 + client}");
        byte[] first = [(await AskAsync(1))[0], (await AskAsync(2))[0], (await AskAsync(3))[0]];
        byte[] again = [(await AskAsync(1))[0], (await AskAsync(2))[0], (await AskAsync(3))[0]];

        Assert.Equal(new byte[] { 1, 2, 3 }, first.Order());
        Assert.Equal(first, again);
        Assert.Equal(3, Assert.Single(balancer.GetServices()).AffinityEntries);
    }

    /// <summary>Nothing was handed over yet, so another backend may get it.</summary>
    [Fact]
    public async Task What_came_with_the_header_survives_a_refused_connect()
    {
        var service = Accepting(Specs.Service(Own(LoopbackBackend.Refuses()), Own(LoopbackBackend.Echo())));
        await StartAsync(service);
        for (var i = 0; i < 4; i++)
        {
            var client = await ConnectAsync(service);
            await client.SendAsync((byte[])[.. ProxyHeaders.V1(s_source, s_destination), .. "first"u8]);
            Assert.Equal("first"u8.ToArray(), await client.ReceiveExactlyAsync(5));
            client.Dispose();
        }

        Assert.Contains(await Log.WaitAsync(4), record => record.Attempts == 2);
    }

    /// <summary>Its request was read with the header, so nothing of it is left to be seen in the socket but its end.</summary>
    [Fact]
    public async Task A_client_that_has_finished_sending_is_not_taken_for_gone_while_a_connect_takes_its_time()
    {
        var silent = Own(await LoopbackBackend.SilentAsync());
        var service = Accepting(Specs.Service(silent, Own(LoopbackBackend.Echo())))
            .WithTimeouts(timeouts => timeouts with { ConnectTimeouts = [TimeSpan.FromMilliseconds(500)] });
        await StartAsync(service);
        for (var i = 0; i < 2; i++)
        {
            var client = await ConnectAsync(service);
            await client.SendAsync((byte[])[.. ProxyHeaders.V2(s_source, s_destination), .. "first"u8]);
            client.FinishSending();
            Assert.Equal("first"u8.ToArray(), await client.ReceiveExactlyAsync(5));
        }

        Assert.Contains(await Log.WaitAsync(2), record => record.Attempts == 2);
    }

    private static byte[] Header(string kind) => kind switch
    {
        "v1" => ProxyHeaders.V1(s_source, s_destination),
        "v2" => ProxyHeaders.V2(s_source, s_destination),
        "v1 over IPv6" => ProxyHeaders.V1(s_source6, s_destination6),
        "v2 over IPv6" => ProxyHeaders.V2(s_source6, s_destination6),
        "v2 with TLVs" => ProxyHeaders.V2(s_source, s_destination, [.. ProxyHeaders.Tlv(2, [.. "a.example"u8]), .. ProxyHeaders.Tlv(4)]),
        _ => ProxyHeaders.V2(s_source, s_destination, ProxyHeaders.Tlv(0xE0, new byte[3000])),
    };

    private static ServiceSpec Accepting(ServiceSpec service) =>
        service with { ProxyProtocol = new ProxyProtocolSpec { Accept = true, HeaderTimeout = Eventually.Deadline } };

    private async Task<ServiceSpec> StartAcceptingAsync()
    {
        var service = Accepting(Specs.Service(Own(LoopbackBackend.Echo())));
        await StartAsync(service);
        return service;
    }

    private static async Task<byte[]> AskAsAsync(ServiceSpec service, string source)
    {
        using var client = await TestConnection.ConnectAsync(service.Address);
        await client.SendAsync(ProxyHeaders.V2(IPEndPoint.Parse(source), s_destination));
        return await client.ReceiveExactlyAsync(1);
    }
}
