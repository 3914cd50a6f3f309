using System.Diagnostics.Metrics;
using L4Lb.Engine;
using L4Lb.Host.Running;
using L4Lb.Host.Telemetry;

namespace L4Lb.Host.Tests.Telemetry;

/// <summary>Every instrument of ours, and what its samples are called in the text formats.</summary>
internal static class InstrumentNames
{
    public static IReadOnlyList<Instrument> Instruments { get; } = Read();

    public static IReadOnlyList<(string Otel, string Text)> All { get; } = [.. Instruments.Select(static i => (i.Name, TextOf(i)))];

    public static string TypeOf(Instrument instrument) => instrument switch
    {
        ObservableCounter<long> => "counter",
        Histogram<double> => "histogram",
        _ => "gauge",
    };

    private static string TextOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return TypeOf(instrument) == "counter" ? name + "_total" : name;
    }

    private static Instrument[] Read()
    {
        using var set = new InstrumentSet(
            new MetricsSource(new LoadBalancer(new LoadBalancerOptions { Shards = 1 }), new InstanceStatus(), new MetricsSettings()), new ConnectTimes());
        return [.. set.Instruments];
    }
}
