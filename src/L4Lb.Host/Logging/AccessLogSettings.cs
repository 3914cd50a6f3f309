namespace L4Lb.Host.Logging;

/// <summary>Where the access log is, and what it has.</summary>
/// <param name="Path">Path of the file, or - for standard output.</param>
internal sealed record AccessLogSettings(string Path)
{
    /// <summary>Form of a line.</summary>
    public AccessLogFormat Format { get; init; }

    /// <summary>Which lines are written.</summary>
    public AccessLogSample Sample { get; init; } = AccessLogSample.All;
}

/// <summary>The values of <c>--access-log-format</c>.</summary>
internal enum AccessLogFormat
{
    /// <summary>A JSON object.</summary>
    Json,

    /// <summary>The line that HAProxy writes by <c>option tcplog</c>.</summary>
    TcpLog,
}
