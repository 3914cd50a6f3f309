using System.Diagnostics;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>A service whose backends are all full.</summary>
public sealed class QueueTests
{
    [Fact]
    public async Task A_full_service_queues_and_serves_in_order_when_a_session_ends()
    {
        await using var web = await ThreeBackends.StartAsync(("backend-max-sessions", "1"), ("queue", "2,timeout=1m"));
        var holders = new List<Http>();
        for (var i = 0; i < 3; i++)
        {
            holders.Add(await Http.ConnectAsync(web.Service));
            await holders[i].GetAsync(keepAlive: true);
        }

        using var first = await Http.ConnectAsync(web.Service);
        var firstAnswer = first.GetAsync(keepAlive: false);
        await WaitsAsync(web, 1);
        using var second = await Http.ConnectAsync(web.Service);
        var secondAnswer = second.GetAsync(keepAlive: false);
        await WaitsAsync(web, 2);
        var refused = await Assert.ThrowsAsync<SocketException>(() => Http.GetAsync(web.Service));
        Assert.Equal(SocketError.ConnectionReset, refused.SocketErrorCode);
        Assert.False(firstAnswer.IsCompleted || secondAnswer.IsCompleted);

        holders[1].Dispose(); // Its backend is free; the one who waits longest gets it, and after that the other.
        Assert.Equal("127.0.0.12", await firstAnswer);
        first.Dispose();
        Assert.Equal("127.0.0.12", await secondAnswer);
        second.Dispose();
        holders.ForEach(holder => holder.Dispose());

        var log = await web.AccessLogAsync(6);
        Assert.Equal([1, 2], log.Where(line => line["queue_ms"] is not null).Select(line => (int)line["queue_position"]!));
        Assert.Equal("PQ", Assert.Single(log, line => (string)line["reason"]! == "queue_full")["termination"]!.ToString());
    }

    [Fact]
    public async Task A_wait_that_is_too_long_ends_with_its_reason()
    {
        await using var web = await ThreeBackends.StartAsync(("max-sessions", "3"), ("backend-max-sessions", "1"), ("queue", "10,timeout=300ms"));
        var holders = new List<Http>();
        for (var i = 0; i < 3; i++)
        {
            holders.Add(await Http.ConnectAsync(web.Service));
            await holders[i].GetAsync(keepAlive: true);
        }

        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAsync<SocketException>(() => Http.GetAsync(web.Service));
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5));

        var line = Assert.Single(await web.AccessLogAsync(1));
        Assert.Equal(("queue_timeout", "sQ"), ((string)line["reason"]!, (string)line["termination"]!));
        Assert.InRange((double)line["queue_ms"]!, 250, 5000);
        holders.ForEach(holder => holder.Dispose());
    }

    /// <summary>Until so many clients wait: nothing is sent to a backend for them, so only the program can tell.</summary>
    private static Task WaitsAsync(ThreeBackends web, int clients) => Eventually.HoldsAsync(
        $"{clients} wait", async () => (await web.L4Lb.AdminJsonAsync("/api/v1/services"))["items"]!.AsArray().Sum(s => (int)s!["waiting"]!) == clients);
}
