using System.Net;
using System.Net.Sockets;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Life with few descriptors.</summary>
public sealed class DescriptorLimitTests : IDisposable
{
    private const int Descriptors = 600;
    private const int Clients = 2000;

    private static readonly string[] s_limited = ["prlimit", $"--nofile={Descriptors}:{Descriptors}"];

    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_thousand_clients_at_once_are_served_or_told_and_it_recovers()
    {
        Requirements.Nginx();
        Requirements.Program("prlimit");
        var endpoint = new IPEndPoint(IPAddress.Parse("127.0.0.11"), Loopback.FreePort());
        await using var nginx = await Nginx.StartAsync(endpoint);
        await using var l4lb = await L4LbProcess.StartAsync(s_limited, ["--listen", $"tcp://{_service}", "--backend", $"{endpoint}"]);

        // All of them connect first, and stay: those that have no room wait in the kernel's queue.
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Http.ConnectAsync(_service)));
        await Eventually.HoldsAsync("those that have room are let in", () => l4lb.Descriptors().Count > Descriptors / 2);
        var most = 0;
        var answers = Task.WhenAll(clients.Select(AskAsync));
        await Eventually.HoldsAsync(
            "every client has an answer or was told",
            () =>
            {
                most = Math.Max(most, l4lb.Descriptors().Count);
                return answers.IsCompleted;
            },
            TimeSpan.FromSeconds(60));

        var served = (await answers).Count(a => a);
        TestContext.Current.TestOutputHelper!.WriteLine($"{served} of {Clients} served, at most {most} descriptors open");
        Assert.False(l4lb.HasExited);
        Assert.InRange(most, 1, Descriptors);
        Assert.InRange(served, Clients / 2, Clients);

        for (var i = 0; i < 500; i++)
        {
            Assert.Equal($"{endpoint.Address}", await Http.GetAsync(_service));
        }

        await l4lb.StopAsync();
    }

    [Fact]
    public async Task Of_more_listeners_than_fit_the_first_serve_and_the_others_are_named_with_what_would_help()
    {
        Requirements.Nginx();
        Requirements.Program("prlimit");
        const int Services = 300;
        var endpoint = new IPEndPoint(IPAddress.Parse("127.0.0.11"), Loopback.FreePort());
        await using var nginx = await Nginx.StartAsync(endpoint);
        IPEndPoint[] services = [.. Enumerable.Range(1, Services).Select(i => new IPEndPoint(IPAddress.Parse($"127.1.{i / 250}.{1 + (i % 250)}"), _service.Port))];
        var manifest = _folder.Write("many.yaml", Manifest.Of(services.SelectMany((at, i) => new[]
        {
            Manifest.Service($"web-{i}", at), Manifest.Slice($"web-{i}", at.Port, endpoint),
        })));

        await using var l4lb = await L4LbProcess.StartAsync(s_limited, ["-f", manifest, "--serve", "ExternalIPs"]);

        var served = 0;
        foreach (var service in services)
        {
            served += await IsServedAsync(service) ? 1 : 0;
        }

        await l4lb.WaitForLogAsync("does not listen on", Services - served);
        Assert.InRange(served, 10, Services - 1);
        Assert.All(
            l4lb.Log.Where(l => l.Contains("does not listen on", StringComparison.Ordinal)),
            line => Assert.Contains("raise it (ulimit -n)", line, StringComparison.Ordinal));

        // Fewer services: what was left out before listens now.
        _folder.Write("many.yaml", Manifest.Of(Manifest.Service("web-299", services[^1]), Manifest.Slice("web-299", services[^1].Port, endpoint)));
        await l4lb.ReloadAsync();
        Assert.True(await IsServedAsync(services[^1]));
        await l4lb.StopAsync();
    }

    private static async Task<bool> IsServedAsync(IPEndPoint service)
    {
        try
        {
            return (await Http.GetAsync(service)).Length > 0;
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
            return false;
        }
    }

    /// <summary>Whether it was served; a reset is the other answer that it may get.</summary>
    private static async Task<bool> AskAsync(Http client)
    {
        using (client)
        {
            try
            {
                return (await client.GetAsync(keepAlive: false, TimeSpan.FromSeconds(60))).Length > 0;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
