using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Telemetry;

namespace L4Lb.Host.Tests.Telemetry;

public sealed class SeriesChoiceTests
{
    [Fact]
    public void Who_has_series_keeps_them_when_others_come_before_it()
    {
        var choice = new SeriesChoice(new MetricsSettings(MaxServices: 2));

        Assert.Equal(["m", "n"], Names(choice.Choose([Of("m"), Of("n"), Of("o")])));
        Assert.Equal(["m", "n"], Names(choice.Choose([Of("a"), Of("m"), Of("n"), Of("o")])));
        Assert.Equal(["a", "n"], Names(choice.Choose([Of("a"), Of("n"), Of("o")])));
    }

    [Fact]
    public void A_service_has_series_for_all_of_its_backends_or_for_none()
    {
        var choice = new SeriesChoice(new MetricsSettings(MaxBackends: 10));

        Assert.Equal(["a", "c"], WithBackends(choice.Choose([Of("a", 6), Of("b", 5), Of("c", 4)])));
        Assert.Equal(["b", "c"], WithBackends(choice.Choose([Of("a", 12), Of("b", 5), Of("c", 4)])));
        Assert.Equal(["b", "c"], WithBackends(choice.Choose([Of("a", 5), Of("b", 5), Of("c", 4)])));
    }

    [Fact]
    public void None_may_have_any() =>
        Assert.Empty(new SeriesChoice(new MetricsSettings(0, 0)).Choose([Of("a", 3)]));

    private static IEnumerable<string> Names(IEnumerable<ServiceSeries> series) => series.Select(static s => s.Status.Spec.Key.Name);

    private static IEnumerable<string> WithBackends(IEnumerable<ServiceSeries> series) => Names(series.Where(static s => s.Backends.Count > 0));

    private static ServiceStatus Of(string name, int backends = 0)
    {
        var specs = Enumerable.Range(1, backends).Select(static i => new BackendSpec { Address = new(0x0100000A + i, 80) }).ToArray();
        return new ServiceStatus(
            new ServiceSpec { Key = new("default", name, "p"), Backends = [.. specs] }, 0, 0,
            [.. specs.Select(static spec => new BackendStatus(spec, 0, 0, 0))], Affinity: null);
    }
}
