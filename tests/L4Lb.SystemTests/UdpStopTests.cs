using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>How the program ends while UDP clients wait for answers.</summary>
public sealed class UdpStopTests
{
    private const int Clients = 20;

    private readonly IPEndPoint[] _endPoints = UdpBackend.EndPoints(2);

    [Fact]
    public async Task SIGTERM_lets_answers_arrive_that_are_outstanding_and_then_ends()
    {
        await using var backend = new UdpBackend(_endPoints[0], _ => null);
        await using var site = await StartAsync([backend.EndPoint], "60s");
        var clients = Enumerable.Range(0, Clients).Select(_ => new UdpClientSocket(site.Service)).ToList();
        var answers = clients.Select((client, i) => client.AskAsync($"question {i}")).ToList();
        await Eventually.HoldsAsync("all questions are with the backend", () => backend.Count == Clients);

        await site.L4Lb.SignalAsync("TERM");
        await Eventually.HoldsAsync("/readyz is 503", async () => (await site.L4Lb.AskReadyAsync()).Status == HttpStatusCode.ServiceUnavailable);
        Assert.False(site.L4Lb.HasExited);
        foreach (var question in backend.Received)
        {
            backend.Send(new EchoAnswer(backend.EndPoint, question.From, question.Text).Format(), question.From);
        }

        Assert.All(await Task.WhenAll(answers), Assert.NotNull);
        Assert.Equal(0, await site.L4Lb.WaitForExitAsync());
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task SIGTERM_under_load_loses_no_question_that_was_asked_before()
    {
        await using var server = await DnsServer.StartAsync("one", [_endPoints[0]]);
        await using var other = await DnsServer.StartAsync("two", [_endPoints[1]]);
        await using var site = await StartAsync(_endPoints, "60s");
        var (isStopping, warm) = (false, 0);

        async Task AskUntilStoppedAsync()
        {
            using var client = new DnsClient(site.Service);
            for (var i = 0; !Volatile.Read(ref isStopping); i++)
            {
                string? answer;
                try
                {
                    answer = await client.AskAsync(TimeSpan.FromSeconds(5));
                }
                catch (SocketException)
                {
                    answer = null; // Refused: it came too late.
                }

                // One that was on its way when the signal was sent may have come after it.
                Assert.True(answer is not null || Volatile.Read(ref isStopping), $"question {i} has no answer");
                if (i == 20)
                {
                    Interlocked.Increment(ref warm);
                }
            }
        }

        var asking = Enumerable.Range(0, Clients).Select(_ => Task.Run(AskUntilStoppedAsync)).ToList();
        await Eventually.HoldsAsync("all ask", () => asking.Any(t => t.IsFaulted) || Volatile.Read(ref warm) == Clients);
        var clock = Stopwatch.StartNew();
        Volatile.Write(ref isStopping, true);
        await site.L4Lb.SignalAsync("TERM");

        Assert.Equal(0, await site.L4Lb.WaitForExitAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10)); // Long before the drain timeout.
        await Task.WhenAll(asking);
    }

    [Fact]
    public async Task The_drain_timeout_ends_a_wait_for_answers_that_never_come()
    {
        await using var backend = new UdpBackend(_endPoints[0], _ => null);
        await using var site = await StartAsync([backend.EndPoint], "1s");
        using var client = new UdpClientSocket(site.Service);
        await client.SendAsync("question"u8.ToArray());
        await Eventually.HoldsAsync("the question is with the backend", () => backend.Count == 1);

        var clock = Stopwatch.StartNew();
        await site.L4Lb.SignalAsync("TERM");

        Assert.Equal(0, await site.L4Lb.WaitForExitAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
        Assert.Equal("drained", (string?)Assert.Single(await site.AccessLogAsync(lines: 1))["reason"]);
    }

    private static Task<UdpSite> StartAsync(IEnumerable<IPEndPoint> endPoints, string drainTimeout) =>
        UdpSite.StartAsync(IPAddress.Loopback, [], endPoints, ["--drain-timeout", drainTimeout]);
}
