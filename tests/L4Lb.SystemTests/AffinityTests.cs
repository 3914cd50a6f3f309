using System.Diagnostics;
using System.Net;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>ClientIP affinity, with clients of different addresses.</summary>
public sealed class AffinityTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _one = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint _other = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly IPEndPoint[] _backends;

    public AffinityTests()
    {
        var port = Loopback.FreePort();
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_state_folder_clients_keep_their_backends_over_a_restart(bool inOrder)
    {
        Requirements.Nginx();
        await using var nginx = await Nginx.StartAsync(_backends);
        var state = _folder.File("state");
        IPAddress[] clients = [.. Clients(5)];
        List<string> kept;
        await using (var before = await StartAsync("port", timeoutSeconds: 600, "--state-dir", state))
        {
            kept = await AskAsync(_one, clients);
            if (inOrder)
            {
                await before.StopAsync();
            }
            else
            {
                // Those that came after the first save are in the next one, half a minute later.
                var file = Path.Combine(state, "affinity.bin");
                await Eventually.HoldsAsync(
                    "the entries are saved", () => HoldsEntries(file, clients.Length), TimeSpan.FromSeconds(60));
                await before.KillAsync();
            }
        }

        await using var after = await StartAsync("port", timeoutSeconds: 600, "--state-dir", state);
        await after.WaitForLogAsync("affinity: 5 of 5 clients in ");

        // Another order: what round robin would choose now is something else.
        Assert.Equal(kept.AsEnumerable().Reverse(), await AskAsync(_one, clients.Reverse()));
    }

    [Fact]
    public async Task A_state_file_that_makes_no_sense_is_a_warning_and_no_reason_not_to_start()
    {
        Requirements.Nginx();
        await using var nginx = await Nginx.StartAsync(_backends);
        var state = Directory.CreateDirectory(_folder.File("state")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(state, "affinity.bin"), new byte[100]);
        await using var l4lb = await StartAsync("port", timeoutSeconds: 600, "--state-dir", state);

        await l4lb.WaitForLogAsync("is passed over, every client is scheduled anew: it is not a file of affinity tables");
        var first = await Http.GetAsync(_one, Clients(1).Single());
        Assert.Equal(first, await Http.GetAsync(_one, Clients(1).Single()));
    }

    /// <summary>
    /// Whether a file has so many entries: they have 42 bytes each, behind a head of 26, names that are shorter than one
    /// of them, and before a checksum of 32.
    /// </summary>
    private static bool HoldsEntries(string path, int count) => File.Exists(path) && new FileInfo(path).Length >= 26 + (count * 42) + 32;

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

    private Task<L4LbProcess> StartAsync(string scope, int timeoutSeconds, params IEnumerable<string> options)
    {
        var manifest = Manifest.Of(
            Manifest.Service(
                "web",
                [_one, _other],
                [("affinity-scope", scope)],
                "sessionAffinity: ClientIP",
                $"sessionAffinityConfig: {{clientIP: {{timeoutSeconds: {timeoutSeconds}}}}}"),
            Manifest.Slice("web", [_one.Port, _other.Port], _backends.Select(b => (b, true))));
        return L4LbProcess.StartAsync(["-f", _folder.Write("web.yaml", manifest), "--serve", "ExternalIPs", .. options]);
    }
}
