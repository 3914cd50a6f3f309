using System.Diagnostics;
using System.Net;
using System.Text;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Clients that must send a header and send something else, nothing, or too late; and those that need not.</summary>
public sealed class ProxyHeaderIsRefused : FunctionalTest
{
    private static readonly IPEndPoint s_source = IPEndPoint.Parse("203.0.113.7:40000");
    private static readonly IPEndPoint s_destination = IPEndPoint.Parse("198.51.100.1:443");

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "the connection does not begin with the signature of either version")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n", "a port is not a number in 0…65535")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n", "the line does not end with CR LF")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0031", "the version after the signature is not 2")]
    public async Task A_malformed_header_is_answered_by_a_reset(string text, string detail)
    {
        var backend = Own(LoopbackBackend.Echo());
        var service = Accepting(Specs.Service(backend), TimeSpan.FromMinutes(1));
        await StartAsync(service);
        var client = await ConnectAsync(service);

        await client.SendAsync(Encoding.Latin1.GetBytes(text));

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.ProxyHeaderInvalid, detail), (record.Reason, record.Detail));
        Assert.Equal((client.LocalEndPoint, null, null), (record.Client.ToIPEndPoint(), record.Peer, record.Backend));
        Assert.Equal(0, backend.Accepted);
    }

    /// <summary>A byte now and then buys no time.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(27)]
    public async Task A_header_that_is_not_complete_in_time_is_answered_by_a_reset(int bytes)
    {
        var backend = Own(LoopbackBackend.Echo());
        var service = Accepting(Specs.Service(backend), TimeSpan.FromMilliseconds(300));
        await StartAsync(service);
        var clock = Stopwatch.StartNew();
        var client = await ConnectAsync(service);
        var header = ProxyHeaders.V2(s_source, s_destination);
        for (var i = 0; i < bytes; i++)
        {
            await client.SendAsync(header.AsMemory(i, 1));
        }

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        HasWaited(300, clock.Elapsed);
        var record = await Log.SingleAsync();
        Assert.Equal((CloseReason.ProxyHeaderTimeout, 0), (record.Reason, record.Attempts));
        HasWaited(300, record.TotalTime);
        Assert.InRange(record.TotalTime, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(0, backend.Accepted);
    }

    /// <summary>The time is the client's, for its header: what a connect takes is not the client's fault.</summary>
    [Fact]
    public async Task The_deadline_is_over_with_the_header()
    {
        var service = Accepting(Specs.Service(await SilentAsync(), Own(LoopbackBackend.Echo())), TimeSpan.FromMilliseconds(200))
            .WithTimeouts(timeouts => timeouts with { ConnectTimeouts = [TimeSpan.FromMilliseconds(600)] });
        await StartAsync(service);
        for (var i = 0; i < 2; i++)
        {
            var client = await ConnectAsync(service);
            await client.SendAsync((byte[])[.. ProxyHeaders.V2(s_source, s_destination), 5]);
            Assert.Equal([5], await client.ReceiveExactlyAsync(1));
            client.Dispose();
        }

        Assert.Contains(await Log.WaitAsync(2), record => record.ConnectTime > TimeSpan.FromMilliseconds(500));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(20, false)]
    [InlineData(20, true)]
    public async Task A_client_that_leaves_before_its_header_is_complete_is_gone(int bytes, bool reset)
    {
        var service = Accepting(Specs.Service(Own(LoopbackBackend.Echo())), TimeSpan.FromMinutes(1));
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.SendAsync(ProxyHeaders.V2(s_source, s_destination).AsMemory(0, bytes));
        await Eventually.EqualsAsync(1, () => balancer.ActiveSessions, "the number of sessions");

        if (reset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        Assert.Equal(CloseReason.ClientGone, (await Log.SingleAsync()).Reason);
    }

    [Fact]
    public async Task Whoever_waits_for_its_header_ends_with_the_process()
    {
        var service = Accepting(Specs.Service(Own(LoopbackBackend.Echo())), TimeSpan.FromMinutes(1));
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await client.SendAsync("PROXY "u8.ToArray());
        await Eventually.EqualsAsync(1, () => balancer.ActiveSessions, "the number of sessions");

        await balancer.DisposeAsync();

        Assert.Equal((0, StreamEnd.Reset), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.Drained, (await Log.SingleAsync()).Reason);
    }

    /// <summary>An untrusted client's header is its own affair: it goes to the backend as it is.</summary>
    [Fact]
    public async Task Of_an_untrusted_peer_no_header_is_read()
    {
        var service = Accepting(Specs.Service(Own(LoopbackBackend.Echo())), TimeSpan.FromMinutes(1), "127.0.0.2/32", "10.0.0.0/8");
        await StartAsync(service);
        var header = ProxyHeaders.V2(s_source, s_destination);

        var untrusted = await ConnectAsync(service, IPAddress.Parse("127.0.0.3"));
        Assert.Equal(header, await untrusted.ExchangeAsync(header));
        untrusted.Dispose();
        var trusted = await ConnectAsync(service, IPAddress.Parse("127.0.0.2"));
        await trusted.SendAsync(header);
        Assert.Equal([1], await trusted.ExchangeAsync(new byte[] { 1 }));
        trusted.Dispose();

        var records = (await Log.WaitAsync(2)).OrderBy(record => record.Id).ToArray();
        Assert.Equal((untrusted.LocalEndPoint, null), (records[0].Client.ToIPEndPoint(), records[0].Peer));
        Assert.Equal((s_source, trusted.LocalEndPoint), (records[1].Client.ToIPEndPoint(), records[1].Peer!.Value.ToIPEndPoint()));
    }

    /// <summary>Clients that send nothing hold little, and nobody up.</summary>
    [Fact]
    public async Task A_thousand_silent_clients_do_not_keep_others_from_being_served()
    {
        var service = Accepting(Specs.Service(Own(LoopbackBackend.Echo())), TimeSpan.FromMinutes(1));
        var balancer = await StartAsync(service);
        var silent = new List<TestConnection>();
        for (var i = 0; i < 1000; i++)
        {
            silent.Add(await ConnectAsync(service));
            await silent[^1].SendAsync(new[] { (byte)'P' });
        }

        await Eventually.EqualsAsync(1000, () => balancer.ActiveSessions, "the number of sessions");
        var client = await ConnectAsync(service);
        await client.SendAsync(ProxyHeaders.V2(s_source, s_destination));
        Assert.Equal([1], await client.ExchangeAsync(new byte[] { 1 }));
        Assert.Equal(1, Assert.Single(balancer.GetServices()).Active);
        Assert.Equal(0, balancer.BuffersRented);

        silent.ForEach(connection => connection.Dispose());
        client.Dispose();
        Assert.Equal(1000, (await Log.WaitAsync(1001)).Count(record => record.Reason == CloseReason.ClientGone));
    }

    private static ServiceSpec Accepting(ServiceSpec service, TimeSpan timeout, params string[] trusted) => service with
    {
        ProxyProtocol = new ProxyProtocolSpec
        {
            Accept = true,
            HeaderTimeout = timeout,
            TrustedSources = [.. trusted.Select(IPNetwork.Parse)],
        },
    };

    private async Task<LoopbackBackend> SilentAsync() => Own(await LoopbackBackend.SilentAsync());
}
