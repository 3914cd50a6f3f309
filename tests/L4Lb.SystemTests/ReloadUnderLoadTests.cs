using System.Diagnostics;
using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Reload after reload while clients send: not one of them may notice.</summary>
public sealed class ReloadUnderLoadTests : IDisposable
{
    private const int Requests = 100_000;
    private const int Clients = 16;
    private const int LongestConnection = 60; // Requests on one connection; every connection's number is chosen anew.

    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint _unrelated = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint[] _backends;
    private int _left = Requests;

    public ReloadUnderLoadTests()
    {
        var port = Loopback.FreePort();
        _backends = [.. Enumerable.Range(11, 4).Select(i => new IPEndPoint(IPAddress.Parse($"127.0.0.{i}"), port))];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reloads_during_load_drop_none_of_a_hundred_thousand_requests()
    {
        Requirements.Nginx();
        await using var nginx = await Nginx.StartAsync(_backends);
        await using var l4lb = await L4LbProcess.StartAsync("-f", Write(0), "--serve", "ExternalIPs");

        var clock = Stopwatch.StartNew();
        var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(() => SendAsync(new Random(i)))));
        var reloads = 0;
        while (!clients.IsCompleted)
        {
            Write(++reloads);
            await l4lb.ReloadAsync();
        }

        var answers = (await clients).SelectMany(a => a).CountBy(a => a).ToDictionary();

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Requests} requests and {reloads} reloads in {clock.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", answers)}");
        Assert.Equal(Requests, answers.Values.Sum());
        Assert.Equal(_backends.Select(b => $"{b.Address}"), answers.Keys.Order(StringComparer.Ordinal)); // The fourth served, too.
        Assert.True(reloads >= 10, $"only {reloads} reloads");
        await l4lb.StopAsync();
    }

    /// <summary>Each reload adds or removes an unrelated Service, changes the weights, and adds or removes the fourth backend.</summary>
    private string Write(int reload)
    {
        // Long enough that a client of the fourth backend always comes to the end of its connection by itself.
        (string, string)[] annotations =
        [
            ("scheduler", "wrr"),
            ("weights", $"127.0.0.11={1 + (reload % 3)},127.0.0.12={1 + (reload % 2)}"),
            ("drain-timeout", "60s"),
        ];
        List<string> documents =
        [
            Manifest.Service("web", _service, annotations),
            Manifest.Slice("web", _service.Port, _backends[..(reload % 2 == 0 ? 4 : 3)]),
        ];
        if (reload % 3 == 0)
        {
            documents.AddRange([Manifest.Service("unrelated", _unrelated), Manifest.Slice("unrelated", _unrelated.Port, _backends)]);
        }

        return _folder.Write("web.yaml", Manifest.Of(documents));
    }

    /// <summary>Sends requests, some of them on connections of their own; any error ends the test.</summary>
    private async Task<List<string>> SendAsync(Random dice)
    {
        var answers = new List<string>();
        while (Volatile.Read(ref _left) > 0)
        {
            using var http = await Http.ConnectAsync(_service);
            for (var i = dice.Next(LongestConnection); i >= 0 && Interlocked.Decrement(ref _left) >= 0; i--)
            {
                answers.Add(await http.GetAsync(keepAlive: i > 0));
            }
        }

        return answers;
    }
}
