using System.Diagnostics;
using System.Text.Json.Nodes;
using L4Lb.Engine;
using L4Lb.K8s.Cluster;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Client;
using L4Lb.K8s.Tests.Informers;

namespace L4Lb.K8s.Tests.ClusterPlanning;

/// <summary>10,000 Services of type LoadBalancer with ten endpoints each, from an API server to a data plane that listens for all.</summary>
public sealed class ClusterScaleTests : ClientTest
{
    private const int Count = 10_000;
    private const int Endpoints = 10;

    // Explicit tests run by name alone: L4Lb.K8s.Tests -explicit on -method '*Measure*' -showliveoutput.
    [Fact(Explicit = true)]
    public async Task MeasureTenThousandServicesFromTheServerToTheDataPlane()
    {
        for (var i = 0; i < Count; i++)
        {
            Cluster.Put(Service(i)).Put(Slice(i, Endpoints));
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var engine = new LoadBalancer(new LoadBalancerOptions { Shards = 1 });
        engine.Start();
        var options = new ProxyOptions();
        var informers = new ClusterInformers(Client(), options, TimeProvider.System, Random.Shared.NextDouble, new ListInformerLog());
        using var source = informers.Join(new ClusterPlanner(options));
        using var changed = new SemaphoreSlim(0);
        source.Changed += () => changed.Release();
        using var stop = new CancellationTokenSource();
        var started = Stopwatch.GetTimestamp();
        var running = informers.RunAsync(stop.Token);
        await source.WaitForSyncAsync(Cancellation);
        var synced = Stopwatch.GetElapsedTime(started);
        var plan = source.Plan();
        var planned = Stopwatch.GetElapsedTime(started);
        Assert.True((await engine.ApplyAsync(plan.Desired with { Revision = 1 }, Cancellation)).Accepted);
        var inForce = Stopwatch.GetElapsedTime(started);
        var listening = engine.GetListeners().Count(static l => l.State == ListenerState.Listening);
        var after = GC.GetTotalMemory(forceFullCollection: true);

        var times = new List<(double Heard, double InForce)>();
        for (var turn = 0; turn < 500; turn++)
        {
            Cluster.Put(Slice(turn * 17, Endpoints - 1));
            started = Stopwatch.GetTimestamp();
            await changed.WaitAsync(Cancellation);
            var heard = Stopwatch.GetTimestamp();
            var result = await engine.ApplyAsync(source.Plan().Desired with { Revision = turn + 2 }, Cancellation);
            times.Add((Stopwatch.GetElapsedTime(started, heard).TotalMilliseconds, Stopwatch.GetElapsedTime(heard).TotalMilliseconds));
            Assert.Equal(1, result.Changed);
        }

        await stop.CancelAsync();
        await running;
        TestContext.Current.SendDiagnosticMessage(
            $"synced in {synced.TotalMilliseconds:F0} ms, planned {(planned - synced).TotalMilliseconds:F0} ms later, in force "
            + $"{(inForce - planned).TotalMilliseconds:F0} ms after that with {listening} listeners; {(after - before) >> 20} MiB managed; "
            + $"a change: from write to watch event {Percentiles(times.Select(static t => t.Heard))}, from there until in force {Percentiles(times.Select(static t => t.InForce))}");
    }

    private static string Percentiles(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return $"p50 {sorted[sorted.Count / 2]:F1} ms, p99 {sorted[sorted.Count * 99 / 100]:F1} ms";
    }

    private static JsonObject Service(int i) => JsonNode.Parse(
        $$$"""
        {
          "apiVersion": "v1", "kind": "Service", "metadata": {"name": "service-{{{i}}}", "uid": "{{{Guid.NewGuid()}}}"},
          "spec": {
            "type": "LoadBalancer", "clusterIP": "10.96.{{{i / 250}}}.{{{i % 250}}}", "clusterIPs": ["10.96.{{{i / 250}}}.{{{i % 250}}}"],
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "externalTrafficPolicy": "Cluster", "internalTrafficPolicy": "Cluster",
            "sessionAffinity": "None", "selector": {"app": "service-{{{i}}}"},
            "ports": [{"name": "http", "port": 8080, "protocol": "TCP", "targetPort": 8080, "nodePort": 30080}]
          },
          "status": {"loadBalancer": {"ingress": [{"ip": "127.{{{1 + (i / 62500)}}}.{{{i / 250}}}.{{{1 + (i % 250)}}}", "ipMode": "Proxy"}]}}
        }
        """)!.AsObject();

    private static JsonObject Slice(int i, int ready) => JsonNode.Parse(
        $$$"""
        {
          "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
          "metadata": {"name": "service-{{{i}}}-abcde", "labels": {"{{{EndpointSlice.ServiceNameLabel}}}": "service-{{{i}}}"}},
          "addressType": "IPv4", "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
          "endpoints": [{{{string.Join(',', Enumerable.Range(0, Endpoints).Select(e => Endpoint(i, e, e < ready)))}}}]
        }
        """)!.AsObject();

    private static string Endpoint(int i, int number, bool ready) =>
        $$$"""
        {
          "addresses": ["127.{{{100 + (i / 62500)}}}.{{{i / 250}}}.{{{1 + number}}}"], "nodeName": "node-{{{number}}}",
          "conditions": {"ready": {{{(ready ? "true" : "false")}}}, "serving": true, "terminating": false},
          "targetRef": {"kind": "Pod", "name": "service-{{{i}}}-{{{number}}}"}
        }
        """;
}
