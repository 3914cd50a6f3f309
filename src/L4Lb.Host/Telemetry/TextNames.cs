using OpenTelemetry.Metrics;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// Names of the text format: dots become underscores and the unit in words is the end of the name, as the specification of
/// OpenTelemetry has it (compatibility with Prometheus and OpenMetrics).
/// </summary>
/// <param name="Family">Name of the metric family, without <c>_total</c>.</param>
/// <param name="Unit">Its unit in words; empty for none.</param>
/// <param name="Type">Its type.</param>
internal readonly record struct TextNames(string Family, string Unit, string Type)
{
    /// <summary>Name of a counter's samples.</summary>
    public string Total => Family + "_total";

    /// <summary>The names of <paramref name="metric"/>.</summary>
    public static TextNames Of(Metric metric)
    {
        var type = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.Histogram => "histogram",
            _ => "gauge",
        };
        var (name, unit) = (Sanitize(RuntimeNames.Of(metric.Name)), Words(metric.Unit));
        if (unit.Length > 0 && !name.EndsWith($"_{unit}", StringComparison.Ordinal))
        {
            name = $"{name}_{unit}";
        }

        return new TextNames(name, unit, type);
    }

    /// <summary>A name with nothing in it but letters, digits and underscores.</summary>
    public static string Sanitize(string name)
    {
        var text = string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    // Braces say what is counted, which is no unit.
    private static string Words(string? unit) => unit switch
    {
        "s" => "seconds",
        "By" => "bytes",
        _ => "",
    };
}
