using System.Buffers;
using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// Writes metrics as text, in Prometheus' format 0.0.4 or in OpenMetrics 1.0.0 (github.com/prometheus/OpenMetrics,
/// specification/OpenMetrics.md). Not thread-safe.
/// </summary>
internal sealed class MetricsText(IBufferWriter<byte> output, TextFormat format)
{
    // Names of attributes, which are few, as the text has them.
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    // The attributes of the point that is written; its histogram's buckets have them too.
    private readonly StringBuilder _labels = new();

    /// <summary>Writes who is measured, as the family <c>target</c>.</summary>
    public void WriteTarget(Resource resource)
    {
        var name = format.IsOpenMetrics ? "target" : "target_info";
        WriteHead(name, format.IsOpenMetrics ? "info" : "gauge", "", "Resource that the metrics are of.");
        SetLabels(resource.Attributes.Select(static a => KeyValuePair.Create(a.Key, (object?)a.Value)));
        WriteSample("target_info", "", "1");
    }

    /// <summary>Writes a metric, unless it has no points or the text formats have no such type.</summary>
    public void Write(Metric metric)
    {
        if (metric.MetricType == MetricType.ExponentialHistogram)
        {
            return;
        }

        var names = TextNames.Of(metric);
        var isBegun = false;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (!isBegun)
            {
                isBegun = true;
                var family = names.Type == "counter" && !format.IsOpenMetrics ? names.Total : names.Family;
                WriteHead(family, names.Type, names.Unit, metric.Description);
            }

            SetLabels(in point);
            Write(metric.MetricType, names, in point);
        }
    }

    /// <summary>Writes what ends the text.</summary>
    public void WriteEnd()
    {
        if (format.IsOpenMetrics)
        {
            Append("# EOF\n");
        }
    }

    private void Write(MetricType type, in TextNames names, in MetricPoint point)
    {
        switch (type)
        {
            case MetricType.LongSum:
                WriteSample(names.Total, "", Text(point.GetSumLong()));
                break;
            case MetricType.DoubleSum:
                WriteSample(names.Total, "", Text(point.GetSumDouble()));
                break;
            case MetricType.LongSumNonMonotonic:
                WriteSample(names.Family, "", Text(point.GetSumLong()));
                break;
            case MetricType.DoubleSumNonMonotonic:
                WriteSample(names.Family, "", Text(point.GetSumDouble()));
                break;
            case MetricType.LongGauge:
                WriteSample(names.Family, "", Text(point.GetGaugeLastValueLong()));
                break;
            case MetricType.DoubleGauge:
                WriteSample(names.Family, "", Text(point.GetGaugeLastValueDouble()));
                break;
            case MetricType.Histogram:
                WriteHistogram(names.Family, in point);
                break;
        }
    }

    private void WriteHistogram(string family, in MetricPoint point)
    {
        var (count, name) = (0L, family + "_bucket");
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            WriteSample(name, Bound(bucket.ExplicitBound), Text(count));
        }

        WriteSample(family + "_sum", "", Text(point.GetHistogramSum()));
        WriteSample(family + "_count", "", Text(point.GetHistogramCount()));
    }

    private void WriteHead(string family, string type, string unit, string help)
    {
        Append($"# TYPE {family} {type}\n");
        if (format.IsOpenMetrics && unit.Length > 0)
        {
            Append($"# UNIT {family} {unit}\n");
        }

        if (help.Length > 0)
        {
            Append($"# HELP {family} {Escape(help, isQuoted: format.IsOpenMetrics)}\n");
        }
    }

    private void WriteSample(string name, string bound, string value)
    {
        Append(name);
        if (_labels.Length > 0 || bound.Length > 0)
        {
            Append("{");
            foreach (var chunk in _labels.GetChunks())
            {
                Append(chunk.Span);
            }

            Append(bound.Length == 0 ? "" : _labels.Length > 0 ? $",le=\"{bound}\"" : $"le=\"{bound}\"");
            Append("}");
        }

        Append(" ");
        Append(value);
        Append("\n");
    }

    private void SetLabels(in MetricPoint point)
    {
        _labels.Clear();
        foreach (var tag in point.Tags)
        {
            AddLabel(tag.Key, tag.Value);
        }
    }

    private void SetLabels(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        _labels.Clear();
        foreach (var (key, value) in tags)
        {
            AddLabel(key, value);
        }
    }

    private void AddLabel(string key, object? value)
    {
        if (!_names.TryGetValue(key, out var name))
        {
            _names.Add(key, name = TextNames.Sanitize(key));
        }

        _labels.Append(_labels.Length > 0 ? "," : "").Append(name).Append("=\"")
            .Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", isQuoted: true)).Append('"');
    }

    private void Append(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);

    /// <summary>Backslashes and ends of lines are escaped everywhere, quotes where the text is between quotes.</summary>
    private static string Escape(string text, bool isQuoted)
    {
        if (text.AsSpan().IndexOfAny('\\', '\n', '"') < 0)
        {
            return text;
        }

        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isQuoted ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    /// <summary>Bounds are names, so that a whole number is written in one way: with a point.</summary>
    private static string Bound(double bound) => Text(bound) is var text && text.All(char.IsAsciiDigit) ? text + ".0" : text;
}
