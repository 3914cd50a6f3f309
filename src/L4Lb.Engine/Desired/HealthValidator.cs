namespace L4Lb.Engine.Desired;

/// <summary>What no type can express about health: every problem as field and message. Pure.</summary>
internal static class HealthValidator
{
    /// <summary>Most bytes of a UDP datagram over IPv4: 65535 less the IP and UDP headers.</summary>
    private const int MostDatagram = 65507;

    private static readonly TimeSpan s_mostTimeout = TimeSpan.FromHours(1);

    internal static IEnumerable<(string Field, string Message)> Problems(HealthSpec health) =>
    [
        .. health.Probe is { } probe ? Problems(probe) : [],
        .. health.Agent is { } agent ? Problems(agent) : [],
        .. health.Outlier is { } outlier ? Problems(outlier) : [],
        .. health.SlowStart is { } slowStart ? Problems(slowStart) : [],
    ];

    private static IEnumerable<(string Field, string Message)> Problems(ProbeSpec probe)
    {
        const string Field = "health.probe";
        if (probe.Port is < 1 or > 65535)
        {
            yield return ($"{Field}.port", "must be 1…65535");
        }

        if (probe.Kind == ProbeKind.Http && !probe.Path.StartsWith('/'))
        {
            yield return ($"{Field}.path", "must begin with /");
        }

        if (HasControlCharacter(probe.Path) || HasControlCharacter(probe.Host ?? ""))
        {
            yield return ($"{Field}.path", "path and host must be of printable characters");
        }

        foreach (var (field, text) in new[] { ("send", probe.Send), ("expect", probe.Expect) })
        {
            if (!IsBytes(text) || text.Length > MostDatagram)
            {
                yield return ($"{Field}.{field}", $"must have one character per byte and fit into one datagram, {MostDatagram} bytes");
            }
        }

        if (probe.Kind == ProbeKind.Exec && probe.Command.Count == 0)
        {
            yield return ($"{Field}.command", "must name a program");
        }

        foreach (var range in (IEnumerable<StatusRange>)probe.Statuses)
        {
            if (range.First < 100 || range.Last > 599 || range.First > range.Last)
            {
                yield return ($"{Field}.statuses", $"{range} is not within 100…599");
            }
        }

        if (probe.Interval <= TimeSpan.Zero || probe.FastInterval <= TimeSpan.Zero || probe.DownInterval <= TimeSpan.Zero)
        {
            yield return ($"{Field}.interval", "intervals must be positive");
        }

        if (probe.Timeout <= TimeSpan.Zero || probe.Timeout > s_mostTimeout)
        {
            yield return ($"{Field}.timeout", "must be positive and at most an hour");
        }

        if (probe.Rise < 1 || probe.Fall < 1)
        {
            yield return ($"{Field}.rise", "rise and fall must be at least 1");
        }
    }

    private static IEnumerable<(string Field, string Message)> Problems(AgentSpec agent)
    {
        if (agent.Port is < 1 or > 65535)
        {
            yield return ("health.agent.port", "must be 1…65535");
        }

        if (!IsBytes(agent.Send))
        {
            yield return ("health.agent.send", "must have one character per byte");
        }

        if (agent.Interval <= TimeSpan.Zero || agent.Timeout <= TimeSpan.Zero || agent.Timeout > s_mostTimeout)
        {
            yield return ("health.agent.interval", "interval and timeout must be positive, the timeout at most an hour");
        }
    }

    private static IEnumerable<(string Field, string Message)> Problems(OutlierSpec outlier)
    {
        const string Field = "health.outlier";
        if (outlier.ConsecutiveFailures < 0 || outlier.SuccessRateDeviations < 0 || !double.IsFinite(outlier.SuccessRateDeviations))
        {
            yield return ($"{Field}.consecutiveFailures", "thresholds must not be negative");
        }

        if (outlier.SuccessRateMinimumConnects < 1 || outlier.SuccessRateMinimumBackends < 2)
        {
            yield return ($"{Field}.successRateMinimumConnects", "at least 1 connect and 2 backends are needed to compare");
        }

        if (outlier.Interval <= TimeSpan.Zero || outlier.BaseEjection <= TimeSpan.Zero || outlier.MaxEjection < outlier.BaseEjection)
        {
            yield return ($"{Field}.interval", "durations must be positive, the longest ejection at least the first one");
        }

        if (outlier.MaxEjectedPercent is < 0 or > 100)
        {
            yield return ($"{Field}.maxEjectedPercent", "must be 0…100");
        }
    }

    private static IEnumerable<(string Field, string Message)> Problems(SlowStartSpec slowStart)
    {
        if (slowStart.Window <= TimeSpan.Zero)
        {
            yield return ("health.slowStart.window", "must be positive");
        }

        if (slowStart.Aggression <= 0 || !double.IsFinite(slowStart.Aggression))
        {
            yield return ("health.slowStart.aggression", "must be positive");
        }

        if (slowStart.MinimumPercent is < 1 or > 100)
        {
            yield return ("health.slowStart.minimumPercent", "must be 1…100");
        }
    }

    private static bool IsBytes(string text) => text.All(static character => character <= 0xFF);

    private static bool HasControlCharacter(string text) => text.Any(char.IsControl);
}
