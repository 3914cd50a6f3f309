using L4Lb.Engine;
using L4Lb.Host.Running;
using L4Lb.Host.Telemetry;

namespace L4Lb.Host.Tests.Support;

/// <summary>What answers <c>/metrics</c>, for tests of other things.</summary>
internal static class Scrapers
{
    public static Scraper Of(LoadBalancer engine, InstanceStatus? status = null) =>
        new(new MetricsSource(engine, status ?? new InstanceStatus(), new MetricsSettings()), new TelemetryVariables([]));
}
