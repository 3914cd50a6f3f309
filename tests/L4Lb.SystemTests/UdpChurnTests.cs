using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>
/// Endpoints that come and go while a client keeps sending from one source port: where a kernel that tracks connections
/// goes on sending to the old one, for ever.
/// </summary>
public sealed class UdpChurnTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(2);

    private readonly IPEndPoint[] _endPoints = UdpBackend.EndPoints(2);

    [Fact]
    public async Task From_the_reload_on_every_question_is_answered_by_the_new_backend_and_before_it_at_most_one_is_lost()
    {
        await using var before = new UdpBackend(_endPoints[0]);
        await using var after = new UdpBackend(_endPoints[1]);
        await using var site = await UdpSite.StartAsync([before.EndPoint]);
        using var client = new UdpClientSocket(site.Service);
        var (next, isReloaded, lost) = (0, false, 0);

        var asking = Task.Run(async () =>
        {
            for (var answered = 0; answered < 100; Interlocked.Increment(ref next))
            {
                // The flow ends with its backend, even when an answer is on its way.
                var isAfter = Volatile.Read(ref isReloaded);
                var answer = await client.AskAsync($"{next}", isAfter ? null : TimeSpan.FromSeconds(1));
                lost += answer is null ? 1 : 0;
                Assert.True(!isAfter || after.EndPoint.Equals(answer?.Backend), $"question {next} was answered by {answer?.Backend}");
                answered += isAfter ? 1 : 0;
            }
        });
        await Eventually.HoldsAsync("it is answered", () => asking.IsFaulted || Volatile.Read(ref next) > 100);
        await site.ReloadAsync(after.EndPoint);
        var firstAfter = Volatile.Read(ref next) + 1; // One may be on its way.
        Volatile.Write(ref isReloaded, true);
        await asking;

        Assert.InRange(lost, 0, 1);
        Assert.True(before.Received.Max(r => int.Parse(r.Text)) < firstAfter);
        Assert.All(
            await site.AccessLogAsync(lines: 1),
            line => Assert.Equal(("backend_removed", $"{before.EndPoint}"), ((string?)line["reason"], (string?)line["backend"])));
        await site.L4Lb.StopAsync();
    }

    /// <summary>The old endpoint's pod is gone without a trace, or its port is closed; the client does not wait for answers.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_client_of_a_dead_backend_is_answered_with_its_next_datagram_after_the_reload(bool isClosed, bool watch)
    {
        await using var before = new UdpBackend(_endPoints[0], _ => null);
        await using var after = new UdpBackend(_endPoints[1]);
        await using var site = await UdpSite.StartAsync(IPAddress.Loopback, [], [before.EndPoint], watch ? ["--watch"] : []);
        using var client = new UdpClientSocket(site.Service);
        Assert.Null(await client.AskAsync("lost", s_short));
        await Eventually.HoldsAsync("it is sent to the only backend", () => before.Count > 0);
        if (isClosed)
        {
            await before.DisposeAsync();
        }

        Assert.Null(await client.AskAsync("lost, too", s_short));
        var sent = 2;
        if (watch)
        {
            site.Write(after.EndPoint);
            await Eventually.HoldsAsync("the client that goes on sending is answered", async () => await client.AskAsync($"{sent++}", s_short) is not null);
        }
        else
        {
            await site.ReloadAsync(after.EndPoint);
        }

        var old = before.Count;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(after.EndPoint, (await client.AskAsync($"after {i}"))?.Backend);
        }

        Assert.Equal(old, before.Count);
        await site.L4Lb.StopAsync();
    }

    [Fact]
    public async Task Without_endpoints_a_client_is_refused_and_with_the_first_one_answered_on_the_same_port()
    {
        await using var backend = new UdpBackend(_endPoints[0]);
        await using var site = await UdpSite.StartAsync([]);
        using var client = new UdpClientSocket(site.Service);
        for (var round = 0; round < 3; round++)
        {
            await RefusedAsync(client);

            await site.ReloadAsync(backend.EndPoint);
            Assert.Equal(backend.EndPoint, (await client.AskAsync($"{round}"))?.Backend);

            await site.ReloadAsync();
        }

        await RefusedAsync(client);
        await site.L4Lb.StopAsync();
    }

    /// <summary>ICMP port unreachable: a connected socket is told so.</summary>
    private static async Task RefusedAsync(UdpClientSocket client)
    {
        var error = await Assert.ThrowsAsync<SocketException>(() => client.AskAsync("anybody?"));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }
}
