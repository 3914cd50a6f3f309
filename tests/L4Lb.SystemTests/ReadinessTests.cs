using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>A Service without ready endpoints, and the reload that brings one.</summary>
public sealed class ReadinessTests : IAsyncDisposable
{
    private const int Rounds = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint _backend = new(IPAddress.Parse("127.0.0.11"), Loopback.FreePort());

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_refuses_while_no_endpoint_is_ready_and_listens_within_a_second_of_one(bool watch)
    {
        Requirements.Nginx();
        await using var nginx = await Nginx.StartAsync(_backend);
        var manifest = Write(isReady: false);
        await using var l4lb = await L4LbProcess.StartAsync(["-f", manifest, "--serve", "ExternalIPs", .. watch ? ["--watch"] : Array.Empty<string>()]);

        // Several rounds, of which most have to be in time: one of them may meet a moment when the machine does other things.
        var delays = new List<TimeSpan>();
        for (var i = 0; i < Rounds; i++)
        {
            await Eventually.HoldsAsync("the service refuses", async () => await AskAsync() == SocketError.ConnectionRefused);
            Assert.DoesNotContain(_service.Port, TcpTable.ListeningPorts(l4lb.Id));

            Write(isReady: true);
            var clock = Stopwatch.StartNew();
            await SignalUnless(watch, l4lb);
            await Eventually.HoldsAsync("the service answers", IsServedAsync);
            delays.Add(clock.Elapsed);

            Write(isReady: false);
            await SignalUnless(watch, l4lb);
        }

        var message = $"it took {string.Join(", ", delays.Select(d => $"{d.TotalMilliseconds:0} ms"))}";
        TestContext.Current.TestOutputHelper!.WriteLine(message);
        Assert.True(delays.Order().ElementAt(Rounds / 2) < TimeSpan.FromSeconds(1), message);
    }

    [Theory]
    [InlineData(false, "refused")]
    [InlineData(true, "forwarded")]
    public async Task Check_and_explain_say_what_run_does(bool isReady, string verdict)
    {
        var manifest = Write(isReady);

        var check = await L4LbProcess.RunToEndAsync("check", "-f", manifest);
        var explain = await L4LbProcess.RunToEndAsync("explain", "-f", manifest, "--client", "127.0.0.2", "--to", $"{_service}", "-o", "json");

        Assert.Equal(0, check.ExitCode);
        Assert.Equal((0, ""), (explain.ExitCode, explain.Errors));
        var answer = JsonNode.Parse(explain.Output)!;
        Assert.Equal(verdict, (string?)answer["verdict"]);
        var backend = Assert.Single(answer["service"]!["backends"]!.AsArray())!;
        Assert.Equal($"{_backend}", (string?)backend["address"]);
        Assert.Equal(isReady, (bool)backend["eligible"]!);
    }

    private static Task SignalUnless(bool watch, L4LbProcess l4lb) => watch ? Task.CompletedTask : l4lb.SignalAsync("HUP");

    /// <summary>From refusing to serving there is no state between: whoever is let in is served.</summary>
    private async Task<bool> IsServedAsync()
    {
        var outcome = await AskAsync();
        Assert.True(outcome is SocketError.Success or SocketError.ConnectionRefused, $"{outcome}");
        return outcome == SocketError.Success;
    }

    /// <summary>What becomes of a client. While the listener closes, it may be a reset: it was let in a moment too late.</summary>
    private async Task<SocketError> AskAsync()
    {
        try
        {
            Assert.Equal($"{_backend.Address}", await Http.GetAsync(_service));
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private string Write(bool isReady) => _folder.Write(
        "web.yaml",
        Manifest.Of(Manifest.Service("web", _service), Manifest.Slice("web", [_service.Port], [(_backend, isReady)])));
}
