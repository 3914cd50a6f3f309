using L4Lb.Host.Logging;

namespace L4Lb.Host.Cli.Values;

/// <summary>A share of the access log's lines: <c>1/100</c>.</summary>
internal static class SampleText
{
    /// <summary>Reads one in N.</summary>
    public static AccessLogSample Read(string text) =>
        text.Split('/') is ["1", var every] && long.TryParse(every, out var count) && count is >= 1 and <= int.MaxValue
            ? new AccessLogSample(count)
            : throw new FormatException("must be 1/N, such as 1/100");
}
