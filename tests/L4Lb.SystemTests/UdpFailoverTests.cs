using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Two real DNS servers, of which one is killed while clients ask.</summary>
public sealed class UdpFailoverTests : IAsyncLifetime
{
    private TwoDnsServers _servers = null!;

    public async ValueTask InitializeAsync() => _servers = await TwoDnsServers.StartAsync();

    public ValueTask DisposeAsync() => _servers?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_server_killed_under_dnsperf_costs_at_most_what_was_in_flight_to_it()
    {
        const int Outstanding = 60;
        await using var site = await UdpSite.StartAsync(_servers.EndPoints);
        await using var dnsperf = DnsPerf.Start([], site.Service, new(Clients: 60, Outstanding, Seconds: 5, Timeout: 1));
        await dnsperf.RunningAsync();

        await _servers[0].KillAsync();
        var report = await dnsperf.ReportAsync();

        // At no time are more than -q questions on their way, so no more can be in the server's hands or on their way to
        // it when it dies. If its flows stayed with it, their clients would lose another window for each second that
        // dnsperf takes to give a question up (-t), three or more until the end.
        Assert.InRange(report.Lost, 0, Outstanding);
        Assert.Equal((report.Sent - report.Lost, report.Completed), (report.Completed, report.NoError));
        Assert.InRange(report.Sent, 2000, int.MaxValue);
        await site.L4Lb.StopAsync();
    }

    /// <summary>
    /// Nothing but a resend helps here: a flow has one question at a time, and passive detection is off, so that half of
    /// all new flows go to the dead server first.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_one_question_at_a_time_no_question_after_the_kill_is_lost(bool newPortForEach)
    {
        const int Clients = 64;
        const int QuestionsBefore = 10;
        const int QuestionsAfter = 20;
        await using var site = await UdpSite.StartAsync(_servers.EndPoints, ("outlier-detection", "none"));
        var (isGone, warm, inItsHands) = (false, 0, 0);

        async Task<List<string>> AskAsync()
        {
            var client = new DnsClient(site.Service);
            try
            {
                var answers = new List<string>();
                for (var (i, after) = (0, 0); after < QuestionsAfter; i++)
                {
                    if (newPortForEach)
                    {
                        client.Dispose();
                        client = new DnsClient(site.Service);
                    }

                    if (i == QuestionsBefore)
                    {
                        Interlocked.Increment(ref warm);
                    }

                    var wasGone = Volatile.Read(ref isGone);
                    var answer = await client.AskAsync(wasGone ? null : TimeSpan.FromSeconds(1));
                    if (wasGone)
                    {
                        Assert.Equal("two", answer);
                        after++;
                    }
                    else if (answer is null)
                    {
                        Interlocked.Increment(ref inItsHands);
                        Assert.NotNull(await client.AskAgainAsync()); // Perhaps by the first, when the machine was slow before the kill.
                    }
                    else
                    {
                        answers.Add(answer);
                    }
                }

                return answers;
            }
            finally
            {
                client.Dispose();
            }
        }

        var asking = Enumerable.Range(0, Clients).Select(_ => Task.Run(AskAsync)).ToList();
        await Eventually.HoldsAsync("all clients have answers", () =>
        {
            Assert.DoesNotContain(asking, task => task.IsFaulted);
            return Volatile.Read(ref warm) == Clients;
        });
        await _servers[0].KillAsync();
        Volatile.Write(ref isGone, true);

        var before = (await Task.WhenAll(asking)).SelectMany(a => a).CountBy(a => a).ToDictionary();
        TestContext.Current.TestOutputHelper!.WriteLine($"before: {string.Join(", ", before)}; {inItsHands} died with the server");
        Assert.Equal(["one", "two"], before.Keys.Order());
        Assert.InRange(inItsHands, 0, Clients); // A client has one question at a time, and kept no other from being answered.
        await site.L4Lb.StopAsync();
    }

    [Fact]
    public async Task Clients_whose_server_dies_between_two_questions_notice_nothing()
    {
        const int Clients = 200;
        await using var site = await UdpSite.StartAsync(_servers.EndPoints, ("outlier-detection", "none"));
        var clients = Enumerable.Range(0, Clients).Select(_ => new DnsClient(site.Service)).ToList();
        var first = await Task.WhenAll(clients.Select(c => c.AskAsync()));
        Assert.InRange(first.Count(a => a == "one"), Clients / 4, Clients * 3 / 4);
        Assert.All(first, Assert.NotNull);

        await _servers[0].KillAsync();

        for (var round = 0; round < 5; round++)
        {
            Assert.All(await Task.WhenAll(clients.Select(c => c.AskAsync())), answer => Assert.Equal("two", answer));
        }

        clients.ForEach(client => client.Dispose());
        await site.L4Lb.StopAsync();
    }
}
