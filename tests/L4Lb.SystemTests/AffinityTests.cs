using System.Diagnostics;
using System.Net;
using L4Lb.SystemTests.Support;

namespace L4Lb.SystemTests;

/// <summary>ClientIP affinity, with clients of different addresses.</summary>
public sealed class AffinityTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _one = new(IPAddress.Loopback, FreePort.Next());
    private readonly IPEndPoint _other = new(IPAddress.Loopback, FreePort.Next());
    private readonly IPEndPoint[] _backends;

    public AffinityTests()
    {
        var port = FreePort.Next();
        _backends = [.. Enumerable.Range(11, 3).Select(i => new IPEndPoint(IPAddress.Parse($"127.0.0.{i}"), port))];
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_client_address_keeps_its_backend_and_different_ones_are_spread()
    {
        Requirements.Nginx();
        await using var nginx = await Nginx.StartAsync(_backends);
        await using var l4lb = await StartAsync("port", timeoutSeconds: 600);

        var kept = new List<string>();
        foreach (var client in Clients(6))
        {
            kept.Add(await Http.GetAsync(_one, client));
        }

        for (var i = 0; i < 10; i++)
        {
            foreach (var (client, backend) in Clients(6).Zip(kept))
            {
                Assert.Equal(backend, await Http.GetAsync(_one, client));
            }
        }

        Assert.Equal([2, 2, 2], kept.CountBy(b => b).Select(c => c.Value));
    }

    [Fact]
    public async Task A_client_that_stays_away_for_the_timeout_is_scheduled_anew_and_one_that_comes_back_sooner_is_not()
    {
        Requirements.Nginx();
        await using var nginx = await Nginx.StartAsync(_backends);
        await using var l4lb = await StartAsync("port", timeoutSeconds: 1);
        var client = Clients(1).Single();

        // Again and again within the timeout, for longer than it: each use renews it.
        var first = await Http.GetAsync(_one, client);
        for (var i = 0; i < 12; i++)
        {
            var clock = Stopwatch.StartNew();
            await Task.Delay(TimeSpan.FromMilliseconds(150));
            var again = await Http.GetAsync(_one, client);
            if (clock.Elapsed < TimeSpan.FromMilliseconds(900))
            {
                Assert.Equal(first, again);
            }

            first = again; // On a machine too busy to come back within a second it may be another one.
        }

        await Task.Delay(TimeSpan.FromMilliseconds(1500));

        // Round robin goes on behind the backend that the client had, so it cannot be the same again.
        Assert.NotEqual(first, await Http.GetAsync(_one, client));
    }

    [Theory]
    [InlineData("service", true)]
    [InlineData("port", false)]
    public async Task The_scope_service_holds_over_all_ports_of_a_service_and_the_scope_port_for_each_alone(string scope, bool same)
    {
        Requirements.Nginx();
        await using var nginx = await Nginx.StartAsync(_backends);
        await using var l4lb = await StartAsync(scope, timeoutSeconds: 600);
        IPAddress[] clients = [.. Clients(6)];

        var one = await AskAsync(_one, clients);
        var other = await AskAsync(_other, clients.Reverse()); // Another order, another turn of the scheduler.

        Assert.Equal(same, one.SequenceEqual(other.AsEnumerable().Reverse()));
    }

    private static IEnumerable<IPAddress> Clients(int count) =>
        Enumerable.Range(2, count).Select(i => IPAddress.Parse($"127.0.0.{i}"));

    private static async Task<List<string>> AskAsync(IPEndPoint at, IEnumerable<IPAddress> clients)
    {
        var answers = new List<string>();
        foreach (var client in clients)
        {
            answers.Add(await Http.GetAsync(at, client));
        }

        return answers;
    }

    private Task<L4LbProcess> StartAsync(string scope, int timeoutSeconds) => L4LbProcess.StartAsync(
        "-f",
        _folder.Write("web.yaml", Manifest.Of(
            Manifest.Service(
                "web",
                [_one, _other],
                [("affinity-scope", scope)],
                "sessionAffinity: ClientIP",
                $"sessionAffinityConfig: {{clientIP: {{timeoutSeconds: {timeoutSeconds}}}}}"),
            Manifest.Slice("web", [_one.Port, _other.Port], _backends.Select(b => (b, true))))),
        "--serve",
        "ExternalIPs");
}
