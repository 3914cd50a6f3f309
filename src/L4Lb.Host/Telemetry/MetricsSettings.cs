namespace L4Lb.Host.Telemetry;

/// <summary>How many time series there may be.</summary>
/// <param name="MaxServices">Most service ports with series of their own.</param>
/// <param name="MaxBackends">Most backends with series of their own.</param>
internal sealed record MetricsSettings(int MaxServices = MetricsSettings.DefaultServices, int MaxBackends = MetricsSettings.DefaultBackends)
{
    /// <summary><see cref="MaxServices"/> when nothing else is asked for.</summary>
    public const int DefaultServices = 2000;

    /// <summary><see cref="MaxBackends"/> when nothing else is asked for.</summary>
    public const int DefaultBackends = 10_000;
}
