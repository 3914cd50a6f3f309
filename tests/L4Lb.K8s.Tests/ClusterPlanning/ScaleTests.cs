using System.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Tests.Standalone;

namespace L4Lb.K8s.Tests.ClusterPlanning;

/// <summary>A large cluster: 10,000 Services with ten endpoints each.</summary>
public class ScaleTests
{
    private const int Services = 10_000;
    private const int Endpoints = 10;

    [Fact]
    public void A_change_of_one_endpoint_costs_what_one_Service_costs()
    {
        var rig = new ProxyRig();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Services; i++)
        {
            rig.Put(Service(i), Slice(i, ready: Endpoints));
        }

        var objects = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        var plan = rig.Plan();
        var first = Stopwatch.GetElapsedTime(started);
        var planned = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(Services, plan.Desired.Services.Count);

        var times = new List<TimeSpan>();
        for (var turn = 0; turn < 200; turn++)
        {
            var i = turn * 37;
            rig.Put(Slice(i, ready: Endpoints - 1));
            started = Stopwatch.GetTimestamp();
            var next = rig.Plan();
            times.Add(Stopwatch.GetElapsedTime(started));
            Assert.Equal(1, Enumerable.Range(0, Services).Count(s => !ReferenceEquals(plan.Desired.Services[s], next.Desired.Services[s])));
            plan = next;
        }

        started = Stopwatch.GetTimestamp();
        rig.Put(Service(5) with { Ports = [Make.Port(81, 8080)] }).Plan();
        var moved = Stopwatch.GetElapsedTime(started);
        times.Sort();
        TestContext.Current.SendDiagnosticMessage(
            $"first plan {first.TotalMilliseconds:F0} ms; one endpoint p50 {times[100].TotalMilliseconds:F3} ms, p99 {times[197].TotalMilliseconds:F3} ms; "
            + $"another port {moved.TotalMilliseconds:F1} ms; memory of objects {(objects - before) >> 20} MiB, of the plan {(planned - objects) >> 20} MiB");
        Assert.True(first < TimeSpan.FromSeconds(20), $"the first plan took {first}"); // Half a second when nothing else runs.
        Assert.True(times[100] < TimeSpan.FromMilliseconds(2), $"the plan of one changed endpoint took {times[100]}");
        GC.KeepAlive(rig);
    }

    private static Objects.Service Service(int i) => ProxyRig.Service($"service-{i}").ClusterIP($"10.{96 + (i / 62500)}.{i / 250}.{i % 250}");

    private static EndpointSlice Slice(int i, int ready) => ProxyRig.Slice(
        $"service-{i}", "abcde",
        [.. Enumerable.Range(0, Endpoints).Select(e => ProxyRig.On("there", $"10.{1 + (i / 250)}.{i % 250}.{1 + e}", ready: e < ready))]);
}
