using System.CommandLine;
using System.Globalization;
using L4Lb.Host.Telemetry;

namespace L4Lb.Host.Cli;

/// <summary>The options that bound how many time series there are.</summary>
internal sealed class MetricsOptions
{
    private readonly Setting<int> _services = OptionBuilder.Single(
        "--metrics-max-services", "N",
        string.Create(CultureInfo.InvariantCulture, $"Most service ports with metrics of their own (default {MetricsSettings.DefaultServices})"),
        Read, MetricsSettings.DefaultServices);

    private readonly Setting<int> _backends = OptionBuilder.Single(
        "--metrics-max-backends", "N",
        string.Create(CultureInfo.InvariantCulture, $"Most backends with metrics of their own (default {MetricsSettings.DefaultBackends})"),
        Read, MetricsSettings.DefaultBackends);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public MetricsOptions(Command command)
    {
        command.Add(_services);
        command.Add(_backends);
    }

    /// <summary>What was given.</summary>
    public MetricsSettings Read(ParseResult parsed) => new(_services.In(parsed), _backends.In(parsed));

    // What is bounded here takes memory for as many as there may be.
    private static int Read(string text) => int.TryParse(text, out var count) && count is >= 0 and <= 1_000_000
        ? count
        : throw new FormatException("must be 0…1000000");
}
