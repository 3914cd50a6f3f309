namespace L4Lb.Engine.Desired;

/// <summary>What no type can express about limits and the PROXY protocol: every problem as field and message. Pure.</summary>
internal static class LimitValidator
{
    internal static IEnumerable<(string Field, string Message)> Problems(LimitSpec limits, ProxyProtocolSpec proxyProtocol)
    {
        if (limits.MaxSessions < 0)
        {
            yield return ("limits.maxSessions", "must not be negative");
        }

        if (limits.BackendMaxSessions < 0)
        {
            yield return ("limits.backendMaxSessions", "must not be negative");
        }

        if (limits.BackendResumeBelow < 0 || limits.BackendResumeBelow > Math.Max(limits.BackendMaxSessions, 0))
        {
            yield return ("limits.backendResumeBelow", "must be 0…backendMaxSessions");
        }

        if (limits.QueueLength < 0)
        {
            yield return ("limits.queueLength", "must not be negative");
        }

        if (limits.QueueTimeout <= TimeSpan.Zero)
        {
            yield return ("limits.queueTimeout", "must be positive");
        }

        foreach (var problem in limits.PerSource is { } source ? Problems(source) : [])
        {
            yield return problem;
        }

        if (proxyProtocol.HeaderTimeout <= TimeSpan.Zero)
        {
            yield return ("proxyProtocol.headerTimeout", "must be positive");
        }
    }

    private static IEnumerable<(string Field, string Message)> Problems(SourceLimitSpec source)
    {
        if (source.MaxNewSessions < 0 || source.MaxSessions < 0)
        {
            yield return ("limits.perSource.maxSessions", "must not be negative");
        }

        if (source.Period <= TimeSpan.Zero || source.DenyFor < TimeSpan.Zero)
        {
            yield return ("limits.perSource.period", "the period must be positive, the denial not negative");
        }

        if (source.MaxEntries < 1)
        {
            yield return ("limits.perSource.maxEntries", "must be positive");
        }

        if (source.IPv4PrefixLength is < 1 or > 32 || source.IPv6PrefixLength is < 1 or > 128)
        {
            yield return ("limits.perSource.prefixLength", "must be 1…32 for IPv4 and 1…128 for IPv6");
        }
    }
}
