using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>More clients than there may be flows: each an address and port of its own, with one datagram, never heard of again.</summary>
public sealed class UdpFloodTests
{
    private const int Flood = 100_000;
    private const int Waves = 10;
    private const int MaxFlows = 8000;
    private const int Actives = 50;

    // What the smallest socket buffer of a kernel holds, with room for the others: what the kernel drops says nothing of us.
    private const int AtOnce = 150;

    // Newcomers that find no room although one was shed for them: on another shard somebody was quicker, again and again.
    private const int Overtaken = 10;

    // Of the garbage collector (4 MiB): what is garbage goes soon, and what stays can be told from it.
    private static readonly string[] s_smallNursery = ["env", "DOTNET_GCgen0size=0x400000"];

    private readonly IPEndPoint[] _endPoints = UdpBackend.EndPoints(2);
    private int _arrived;

    [Fact]
    public async Task A_hundred_thousand_clients_shed_each_other_but_none_that_is_active_and_cost_no_memory()
    {
        await using var one = Backend(0);
        await using var two = Backend(1);
        await using var site = await StartAsync(MaxFlows, "shed");
        using (var first = new UdpClientSocket(site.Service))
        {
            Assert.NotNull(await first.AskAsync("what is opened once and kept is no leak"));
        }

        await EndedAsync(site);
        var descriptors = site.L4Lb.Descriptors().Count;
        await using var actives = await Active.StartAsync(site.Service);

        var memory = new List<long>();
        var most = 0;
        for (var wave = 0; wave < Waves; wave++)
        {
            await FloodAsync(site.Service, wave, Flood / Waves);
            most = Math.Max(most, await site.ActiveAsync());
            memory.Add(MemoryOf(site.L4Lb));
        }

        var asked = await actives.StopAsync();
        await EndedAsync(site);
        await Eventually.EqualsAsync(descriptors, () => site.L4Lb.Descriptors().Count);
        var log = await site.AccessLogAsync(Flood + Actives + 1);

        var reasons = log.CountBy(line => (string)line["reason"]!).ToDictionary();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"at most {most} flows; {string.Join(", ", reasons)}; MiB {string.Join(' ', memory.Select(m => m >> 20))}; {asked} questions of {Actives} active flows");
        Assert.Equal(Flood + Actives + 1, log.Count);
        Assert.Equal(log.Count, reasons["shed"] + reasons["idle_timeout"] + reasons.GetValueOrDefault("limit_reached"));
        Assert.InRange(reasons.GetValueOrDefault("limit_reached"), 0, Overtaken);
        Assert.InRange(most, 1, MaxFlows);
        Assert.InRange(reasons["shed"], Flood / 2, Flood);

        // 80,000 flows came after the second wave: a leak of 400 bytes for each would show.
        Assert.InRange(memory[^1] - memory[1], long.MinValue, 32 << 20);
        await site.L4Lb.StopAsync();
    }

    [Fact]
    public async Task Newcomers_are_refused_instead_where_a_Service_says_so()
    {
        const int Few = 500;
        await using var one = Backend(0);
        await using var two = Backend(1);
        await using var site = await StartAsync(Few, "refuse");
        await using var actives = await Active.StartAsync(site.Service);

        await FloodAsync(site.Service, 0, Few - Actives);
        await Eventually.HoldsAsync("it is full", async () => await site.ActiveAsync() == Few);
        using var newcomer = new UdpClientSocket(site.Service);
        await newcomer.SendAsync("refused"u8.ToArray());
        await Eventually.HoldsAsync("it is refused", async () => (await site.AccessLogAsync()).Any(IsRefused));

        await actives.StopAsync();
        await EndedAsync(site);
        Assert.NotNull(await newcomer.AskAsync("now there is room"));
        Assert.DoesNotContain(await site.AccessLogAsync(), line => (string?)line["reason"] == "shed");
        Assert.DoesNotContain(one.Received.Concat(two.Received), r => r.Text == "refused");
        await site.L4Lb.StopAsync();

        bool IsRefused(JsonNode line) =>
            ((string?)line["reason"], (string?)line["client"]) == ("limit_reached", $"{newcomer.LocalEndPoint}");
    }

    private Task<UdpSite> StartAsync(int maxFlows, string whenFull) => UdpSite.StartAsync(
        IPAddress.Loopback, s_smallNursery, _endPoints, [],
        ("max-sessions", $"{maxFlows}"), ("idle-timeout", "2s"), ("udp", $"when-full={whenFull}"));

    /// <summary>Answers everybody, and counts the flood.</summary>
    private UdpBackend Backend(int number) => new(_endPoints[number], received =>
    {
        if (received.Text == "flood")
        {
            Interlocked.Increment(ref _arrived);
        }

        return new EchoAnswer(_endPoints[number], received.From, received.Text).Format();
    });

    private static Task EndedAsync(UdpSite site) => Eventually.HoldsAsync("every flow is over", async () => await site.ActiveAsync() == 0);

    /// <summary>One datagram from each of many addresses, each with a port that the kernel chooses; the sockets are closed at once.</summary>
    private async Task FloodAsync(IPEndPoint to, int wave, int clients)
    {
        var before = Volatile.Read(ref _arrived);
        for (var i = 0; i < clients; i++)
        {
            using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
            {
                socket.Bind(new IPEndPoint(IPAddress.Parse($"127.{1 + wave}.{i / 250}.{1 + (i % 250)}"), 0));
                socket.SendTo("flood"u8, to);
            }

            if (i % AtOnce == AtOnce - 1 || i == clients - 1)
            {
                await ArriveAsync(i + 1);
            }
        }

        async Task ArriveAsync(int sent)
        {
            // Eventually looks a hundred times a second: too seldom for a flood.
            var clock = Stopwatch.StartNew();
            while (Volatile.Read(ref _arrived) - before < sent - Overtaken)
            {
                Assert.True(clock.Elapsed < Eventually.Deadline, $"only {_arrived - before} of {sent} arrived");
                await Task.Delay(1);
            }
        }
    }

    private static long MemoryOf(L4LbProcess l4lb)
    {
        var line = File.ReadLines($"/proc/{l4lb.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>Clients that ask again and again; every question must be answered, and all of a client's in one flow.</summary>
    private sealed class Active : IAsyncDisposable
    {
        private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

        private readonly CancellationTokenSource _stop = new();
        private readonly Task<int>[] _asking;
        private int _known;

        private Active(IPEndPoint service) => _asking = [.. Enumerable.Range(0, Actives).Select(i => Task.Run(() => AskAsync(service, i)))];

        public static async Task<Active> StartAsync(IPEndPoint service)
        {
            var active = new Active(service);
            await Eventually.HoldsAsync("all of them came back", () => Volatile.Read(ref active._known) == Actives);
            return active;
        }

        /// <summary>Ends them; returns how many questions they asked.</summary>
        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return (await Task.WhenAll(_asking)).Sum();
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAny(Task.WhenAll(_asking));
            _stop.Dispose();
        }

        private async Task<int> AskAsync(IPEndPoint service, int client)
        {
            using var socket = new UdpClientSocket(service);
            EchoAnswer? first = null;
            var i = 0;
            for (; !_stop.IsCancellationRequested; i++)
            {
                var answer = await socket.AskAsync($"active {client} {i}");
                Assert.True(answer is not null, $"question {i} of client {client} has no answer");
                first ??= answer;
                Assert.Equal((first.Backend, first.Asker), (answer.Backend, answer.Asker)); // The same flow.
                if (i == 3)
                {
                    Interlocked.Increment(ref _known);
                }

                await Task.Delay(s_pause);
            }

            return i;
        }
    }
}
