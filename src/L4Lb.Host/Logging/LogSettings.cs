namespace L4Lb.Host.Logging;

/// <summary>What is logged, and how.</summary>
/// <param name="Level">Least severity logged.</param>
/// <param name="Format">Form of a line.</param>
internal sealed record LogSettings(LogLevel Level = LogLevel.Information, LogFormat Format = LogFormat.Text);

/// <summary>The values of <c>--log-format</c>.</summary>
internal enum LogFormat
{
    /// <summary>One line of text for people.</summary>
    Text,

    /// <summary>One JSON object per line for collectors.</summary>
    Json,
}
