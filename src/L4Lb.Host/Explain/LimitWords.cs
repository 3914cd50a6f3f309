using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Explain;

/// <summary>What bounds sessions and flows, in words.</summary>
internal static class LimitWords
{
    /// <summary>A line for each bound.</summary>
    public static IReadOnlyList<string> Of(ServiceSpec service)
    {
        var limits = service.Limits;
        var sessions = service.Protocol == TransportProtocol.Udp ? "flows" : "sessions";
        var lines = new List<string>();
        if (limits.MaxSessions > 0)
        {
            lines.Add($"at most {limits.MaxSessions} {sessions}");
        }

        if (limits.BackendMaxSessions > 0)
        {
            lines.Add($"at most {limits.BackendMaxSessions} {sessions} of each backend"
                + (limits.BackendResumeBelow > 0 ? $", which then gets none until it has fewer than {limits.BackendResumeBelow}" : ""));
        }

        if (limits.QueueLength > 0 && service.Protocol == TransportProtocol.Tcp)
        {
            lines.Add($"{limits.QueueLength} sessions may wait while all backends are full, {GoDuration.Format(limits.QueueTimeout)} at most");
        }

        if (limits.PerSource is { } source)
        {
            lines.Add(Of(source, sessions));
        }

        return lines.Count > 0 ? lines : ["none"];
    }

    private static string Of(SourceLimitSpec source, string sessions)
    {
        string?[] bounds =
        [
            source.MaxNewSessions > 0 ? $"{source.MaxNewSessions} new {sessions} in {GoDuration.Format(source.Period)}" : null,
            source.MaxSessions > 0 ? $"{source.MaxSessions} {sessions} at once" : null,
        ];
        return $"from each client (IPv4 /{source.IPv4PrefixLength}, IPv6 /{source.IPv6PrefixLength}) at most "
            + string.Join(" and ", bounds.Where(static b => b is not null))
            + (source.DenyFor > TimeSpan.Zero ? $"; who wants more is denied for {GoDuration.Format(source.DenyFor)}" : "");
    }
}
