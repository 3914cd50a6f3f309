using System.Net;
using System.Text;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Fire and forget, as syslog and statsd do: every datagram of a client is scheduled by itself.</summary>
public sealed class UdpPerDatagramTests : IAsyncLifetime
{
    private const int Datagrams = 3000;

    // What the smallest socket buffer of a kernel holds: what the kernel drops says nothing of us.
    private const int AtOnce = 100;

    private readonly IPEndPoint[] _endPoints = UdpBackend.EndPoints(3);
    private readonly List<UdpBackend> _receivers = [];

    public ValueTask InitializeAsync()
    {
        _receivers.AddRange(_endPoints.Select(e => new UdpBackend(e, received => "an answer that nobody wants"u8.ToArray())));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _receivers)
        {
            await receiver.DisposeAsync();
        }
    }

    [Fact]
    public async Task One_clients_datagrams_are_shared_by_weight_and_without_a_receiver_that_is_gone()
    {
        await using var site = await UdpSite.StartAsync(
            _endPoints,
            ("udp", "per-datagram"), ("scheduler", "wrr"), ("weights", "127.0.0.11=1,127.0.0.12=1,127.0.0.13=2"),
            ("outlier-detection", "consecutive=3,ejection=1m"));
        using var client = new UdpClientSocket(site.Service);

        Assert.Equal([750, 750, 1500], await SendAsync(client, "first", Datagrams));
        Assert.All(_receivers, r => Assert.Equal(r.Received.Select(d => d.Text), r.Received.Select(d => d.Text).Order(StringComparer.Ordinal)));
        Assert.All(_receivers, r => Assert.Single(r.Received.Select(d => d.From).Distinct())); // One socket of ours for each.

        await _receivers[1].DisposeAsync();
        var sent = 0;
        await Eventually.HoldsAsync("it is taken out", async () =>
        {
            await client.SendAsync(Encoding.ASCII.GetBytes($"meanwhile {sent++}"));
            return site.L4Lb.Log.Any(l => l.Contains($"{_endPoints[1]}", StringComparison.Ordinal) && l.Contains("is ejected", StringComparison.Ordinal));
        });
        await site.TakenOutAsync(_endPoints[1]);

        Assert.Equal([1000, 0, 2000], await SendAsync(client, "then", Datagrams));
        Assert.Null(await client.ReceiveAsync(TimeSpan.FromMilliseconds(1))); // Answers are nobody's.
        await site.L4Lb.StopAsync();
    }

    [Fact]
    public async Task Reloads_while_datagrams_stream_lose_none_and_a_removed_receiver_gets_no_more()
    {
        await using var site = await UdpSite.StartAsync(_endPoints, ("udp", "per-datagram"));
        using var client = new UdpClientSocket(site.Service);
        Assert.Equal([100, 100, 100], await SendAsync(client, "all", 300));

        await site.ReloadAsync(_endPoints[0], _endPoints[2]);
        Assert.Equal([150, 0, 150], await SendAsync(client, "without", 300));

        await site.ReloadAsync(_endPoints);
        Assert.Equal([100, 100, 100], await SendAsync(client, "again", 300));
        await site.L4Lb.StopAsync();
    }

    /// <summary>Sends so many, each only once most before it have arrived; returns what each receiver got of them.</summary>
    private async Task<IEnumerable<int>> SendAsync(UdpClientSocket client, string name, int count)
    {
        int Arrived() => _receivers.Sum(r => r.Received.Count(d => d.Text.StartsWith(name, StringComparison.Ordinal)));
        for (var i = 0; i < count; i++)
        {
            await client.SendAsync(Encoding.ASCII.GetBytes($"{name} {i:00000}"));
            if (i % AtOnce == AtOnce - 1 || i == count - 1)
            {
                await Eventually.EqualsAsync(i + 1, Arrived);
            }
        }

        return [.. _receivers.Select(r => r.Received.Count(d => d.Text.StartsWith(name, StringComparison.Ordinal)))];
    }
}
