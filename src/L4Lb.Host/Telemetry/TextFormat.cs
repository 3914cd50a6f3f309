using Microsoft.Net.Http.Headers;

namespace L4Lb.Host.Telemetry;

/// <summary>A format of metrics as text.</summary>
internal sealed class TextFormat
{
    private const string OpenMetricsType = "application/openmetrics-text";

    private TextFormat(string contentType) => ContentType = contentType;

    /// <summary>Prometheus' own, version 0.0.4.</summary>
    public static TextFormat Prometheus { get; } = new("text/plain; version=0.0.4; charset=utf-8");

    /// <summary>OpenMetrics 1.0.0.</summary>
    public static TextFormat OpenMetrics { get; } = new($"{OpenMetricsType}; version=1.0.0; charset=utf-8");

    /// <summary>The media type of an answer.</summary>
    public string ContentType { get; }

    /// <summary>Whether it is OpenMetrics.</summary>
    public bool IsOpenMetrics => this == OpenMetrics;

    /// <summary>What whoever sent this <c>Accept</c> header likes best; who likes neither gets Prometheus' own.</summary>
    public static TextFormat Negotiate(IList<string?> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var wanted))
        {
            return Prometheus;
        }

        var best = (Format: Prometheus, Quality: 0.0);
        foreach (var type in wanted)
        {
            var quality = type.Quality ?? 1;
            if (FormatOf(type) is { } format && quality > best.Quality)
            {
                best = (format, quality);
            }
        }

        return best.Format;
    }

    private static TextFormat? FormatOf(MediaTypeHeaderValue type)
    {
        var version = type.Parameters.FirstOrDefault(static p => p.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.Value.Value;
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            OpenMetricsType => version is null or "1.0.0" ? OpenMetrics : null,
            "text/plain" => version is null or "0.0.4" ? Prometheus : null,
            "text/*" or "*/*" => Prometheus,
            _ => null,
        };
    }
}
