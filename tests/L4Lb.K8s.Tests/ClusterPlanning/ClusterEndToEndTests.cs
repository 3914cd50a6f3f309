using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using L4Lb.Engine;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Client;
using L4Lb.K8s.Tests.Informers;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.ClusterPlanning;

/// <summary>From objects in an API server to connections: client, informers, planner and data plane, on loopback.</summary>
public sealed class ClusterEndToEndTests : ClientTest
{
    private readonly LoadBalancer _engine = new(new LoadBalancerOptions { Shards = 1 });
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly IPEndPoint _address = Loopback.FreeEndPoint(IPAddress.Parse("127.0.0.9"));
    private Task _running = Task.CompletedTask;
    private int _plans;

    [Fact]
    public async Task Connections_reach_the_endpoints_of_the_moment()
    {
        await using var a = LoopbackBackend.Named((byte)'a');
        await using var b = LoopbackBackend.Named((byte)'b');
        Cluster.Put(Service()).Put(Slice("1", a.EndPoint, true)).Put(Slice("2", b.EndPoint, false));
        await StartAsync();
        Assert.Equal("aaaa", await AskAsync(4));

        Cluster.Put(Slice("2", b.EndPoint, true));
        await EventuallyAsync("abab", "baba");
        Cluster.Put(Slice("1", a.EndPoint, false));
        await EventuallyAsync("bbbb");
        Cluster.Delete(Kind.EndpointSlice, "web-2");
        await RefusesAsync();
    }

    [Fact]
    public async Task An_address_that_the_status_gets_answers_and_one_that_it_loses_does_not()
    {
        await using var a = LoopbackBackend.Named((byte)'a');
        Cluster.Put(Service(hasAddress: false)).Put(Slice("1", a.EndPoint, true));
        await StartAsync();
        await RefusesAsync();

        Cluster.Put(Service());
        await EventuallyAsync("aaaa");
        Cluster.Put(Service(hasAddress: false));
        await RefusesAsync();
    }

    [Fact]
    public async Task While_the_server_is_away_all_goes_on_and_afterwards_it_catches_up()
    {
        await using var a = LoopbackBackend.Named((byte)'a');
        await using var b = LoopbackBackend.Named((byte)'b');
        Cluster.Put(Service()).Put(Slice("1", a.EndPoint, true));
        await StartAsync();
        await Cluster.GoDownAsync();
        Assert.Equal("aaaa", await AskAsync(4));

        Cluster.Put(Slice("1", b.EndPoint, true));
        Assert.Equal("aaaa", await AskAsync(4));
        await Cluster.GoUpAsync();
        await EventuallyAsync("bbbb");
    }

    [Fact]
    public async Task An_endpoint_that_changes_is_in_force_within_milliseconds()
    {
        const int Turns = 100;
        await using var a = LoopbackBackend.Named((byte)'a');
        await using var b = LoopbackBackend.Named((byte)'b');
        Cluster.Put(Service()).Put(Slice("1", a.EndPoint, true)).Put(Slice("2", b.EndPoint, false));
        await StartAsync();
        var times = new List<double>();
        for (var turn = 0; turn < Turns; turn++)
        {
            var ready = turn % 2 == 0 ? b : a;
            var started = Stopwatch.GetTimestamp();
            Cluster.Put(Slice("1", ready.EndPoint, true));
            await Eventually.HoldsAsync(
                () => _engine.Desired.Services[0].Backends[0].Address.Equals(ready.EndPoint), () => "the endpoint is not in force");
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        TestContext.Current.SendDiagnosticMessage(
            $"from the write to the API server until in force: p50 {times[Turns / 2]:F1} ms, p99 {times[Turns - 2]:F1} ms");
        Assert.True(times[Turns / 2] < 50, $"the median is {times[Turns / 2]:F1} ms");
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _engine.DisposeAsync();
        await base.DisposeAsync();
        _changed.Dispose();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    private JsonObject Service(bool hasAddress = true) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = "web" },
        ["spec"] = new JsonObject
        {
            ["type"] = "LoadBalancer",
            ["clusterIP"] = "10.96.0.1",
            ["clusterIPs"] = new JsonArray("10.96.0.1"),
            ["ipFamilies"] = new JsonArray("IPv4"),
            ["externalTrafficPolicy"] = "Cluster",
            ["internalTrafficPolicy"] = "Cluster",
            ["sessionAffinity"] = "None",
            ["ports"] = new JsonArray(new JsonObject { ["port"] = _address.Port, ["protocol"] = "TCP", ["targetPort"] = 8080, ["nodePort"] = 30080 }),
        },
        ["status"] = new JsonObject
        {
            ["loadBalancer"] = hasAddress
                ? new JsonObject { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = _address.Address.ToString(), ["ipMode"] = "Proxy" }) }
                : [],
        },
    };

    private static JsonObject Slice(string suffix, IPEndPoint endpoint, bool ready) => new()
    {
        ["apiVersion"] = "discovery.k8s.io/v1",
        ["kind"] = "EndpointSlice",
        ["metadata"] = new JsonObject { ["name"] = $"web-{suffix}", ["labels"] = new JsonObject { [EndpointSlice.ServiceNameLabel] = "web" } },
        ["addressType"] = "IPv4",
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "", ["port"] = endpoint.Port, ["protocol"] = "TCP" }),
        ["endpoints"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(endpoint.Address.ToString()),
            ["conditions"] = new JsonObject { ["ready"] = ready, ["serving"] = ready, ["terminating"] = false },
        }),
    };

    private async Task StartAsync()
    {
        var options = new ProxyOptions();
        var informers = new ClusterInformers(Client(), options, TimeProvider.System, Random.Shared.NextDouble, new ListInformerLog());
        var source = informers.Join(new ClusterPlanner(options));
        source.Changed += () => _changed.Release();
        _engine.Start();
        _running = Task.WhenAll(informers.RunAsync(_stop.Token), FollowAsync(source));
        await Eventually.HoldsAsync(() => Volatile.Read(ref _plans) > 0, () => "there is no plan");
    }

    private async Task FollowAsync(ClusterSource source)
    {
        using (source)
        {
            try
            {
                await source.WaitForSyncAsync(_stop.Token);
                while (true)
                {
                    Assert.True((await _engine.ApplyAsync(source.Plan().Desired with { Revision = _plans + 1 }, _stop.Token)).Accepted);
                    Volatile.Write(ref _plans, _plans + 1);
                    await _changed.WaitAsync(_stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }

    private async Task<string> AskAsync(int times)
    {
        var answers = "";
        for (var i = 0; i < times; i++)
        {
            using var client = await TestConnection.ConnectAsync(_address);
            answers += (char)(await client.ReceiveExactlyAsync(1))[0];
        }

        return answers;
    }

    private async Task EventuallyAsync(params string[] answers)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var answer = await AskAsync(4);
                if (answers.Contains(answer))
                {
                    return;
                }

                Assert.True(deadline.Elapsed < Eventually.Deadline, $"the answer is {answer}");
            }
            catch (System.Net.Sockets.SocketException) when (deadline.Elapsed < Eventually.Deadline)
            {
                await Task.Delay(5, Cancellation);
            }
        }
    }

    private async Task RefusesAsync()
    {
        await Eventually.HoldsAsync(
            () => _engine.GetListeners().All(static l => l.State != ListenerState.Listening), () => "the address still answers");
        Assert.True(await TestConnection.IsRefusedAsync(_address));
    }
}
