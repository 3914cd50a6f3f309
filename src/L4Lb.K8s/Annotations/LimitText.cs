using System.Globalization;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>Limits in words.</summary>
internal static class LimitText
{
    /// <summary>Most entries of a table: 16 million clients are some gigabytes.</summary>
    public const int MostEntries = 1 << 24;

    /// <summary>Reads <c>UPPER</c> or <c>UPPER,LOWER</c>. Returns what is wrong, or null.</summary>
    public static string? ParseThresholds(string text, out (int Upper, int Lower) thresholds)
    {
        var parts = EscapedText.Split(text, ',');
        thresholds = default;
        if (parts.Count > 2
            || Values.Number(1, int.MaxValue)(parts[0], out var upper) is not null)
        {
            return "expected UPPER or UPPER,LOWER: a backend with UPPER sessions gets none until it has fewer than LOWER";
        }

        // What the kernel does without a lower threshold: sessions × 4 < upper × 3 (ip_vs_conn.c, ip_vs_unbind_dest).
        var lower = (int)(((3L * upper) + 3) / 4);
        var problem = parts.Count > 1 ? Values.Number(1, upper)(parts[1], out lower) : null;
        thresholds = (upper, lower);
        return problem is null ? null : $"LOWER: {problem}";
    }

    /// <summary>Reads <c>LENGTH,timeout=5s</c>. Returns what is wrong, or null.</summary>
    public static string? ParseQueue(string text, out (int Length, TimeSpan Timeout) queue)
    {
        var parts = EscapedText.Split(text, ',');
        var problem = Values.Number(0, 1_000_000)(parts[0], out var length);
        var parameters = new ParameterReader(parts.Skip(1));
        queue = (length, parameters.Read(
            "timeout", Values.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)), LimitSpec.None.QueueTimeout));
        return problem ?? parameters.End();
    }

    /// <summary>Reads <c>rate=20/10s,sessions=50,deny=1m,…</c>. Returns what is wrong, or null.</summary>
    public static string? ParseSources(string text, out SourceLimitSpec? limits)
    {
        var standard = new SourceLimitSpec();
        var parameters = new ParameterReader(EscapedText.Split(text, ','));
        var (sessions, period) = parameters.Read("rate", ParseRate, (0, standard.Period));
        limits = new()
        {
            MaxNewSessions = sessions,
            Period = period,
            MaxSessions = parameters.Read("sessions", Values.Number(1, int.MaxValue), 0),
            DenyFor = parameters.Read("deny", Values.Duration(TimeSpan.Zero, TimeSpan.FromDays(1)), standard.DenyFor),
            IPv4PrefixLength = parameters.Read("ipv4-prefix", Values.Number(1, 32), standard.IPv4PrefixLength),
            IPv6PrefixLength = parameters.Read("ipv6-prefix", Values.Number(1, 128), standard.IPv6PrefixLength),
            MaxEntries = parameters.Read("max-entries", Values.Number(1, MostEntries), standard.MaxEntries),
        };
        return parameters.End()
            ?? (limits is { MaxNewSessions: 0, MaxSessions: 0 } ? "expected a bound: rate=20/10s, sessions=50 or both" : null);
    }

    /// <summary>Writes a rate so that it can be read back.</summary>
    public static string FormatRate(SourceLimitSpec limits) =>
        string.Create(CultureInfo.InvariantCulture, $"{limits.MaxNewSessions}/{GoDuration.Format(limits.Period)}");

    private static string? ParseRate(string text, out (int Sessions, TimeSpan Period) rate)
    {
        var slash = text.IndexOf('/');
        rate = (0, new SourceLimitSpec().Period);
        var problem = Values.Number(1, int.MaxValue)(slash < 0 ? text : text[..slash], out rate.Sessions)
            ?? (slash < 0
                ? null
                : Values.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))(text[(slash + 1)..], out rate.Period));
        return problem is null ? null : $"expected new sessions per time, such as 20/10s: {problem}";
    }
}
