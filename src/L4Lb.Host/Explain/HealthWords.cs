using System.Globalization;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;

namespace L4Lb.Host.Explain;

/// <summary>What would be found out about backends, in words; files cannot say what is.</summary>
internal static class HealthWords
{
    /// <summary>A line for each means.</summary>
    public static IReadOnlyList<string> Of(HealthSpec health)
    {
        var lines = new List<string>();
        if (health.Probe is { } probe)
        {
            lines.Add(Of(probe));
        }

        if (health.Agent is { } agent)
        {
            lines.Add(
                $"agent-check: port {agent.Port} of each backend is asked for weight and state every {GoDuration.Format(agent.Interval)}, "
                + $"{GoDuration.Format(agent.Timeout)} at most");
        }

        if (health.Outlier is { } outlier)
        {
            lines.AddRange(Of(outlier));
        }

        if (lines.Count == 0)
        {
            return ["nobody looks: every backend counts as healthy"];
        }

        if (health.SlowStart is { } slowStart)
        {
            lines.Add(
                $"slow-start: a backend that comes up grows to its weight within {GoDuration.Format(slowStart.Window)}, "
                + $"from {slowStart.MinimumPercent} %");
        }

        lines.Add(health.WhenAllDown == WhenAllDown.Panic
            ? "when-all-down: when none is healthy, all are used"
            : "when-all-down: when none is healthy, clients are refused");
        if (health.WhenDown == WhenDown.Reset)
        {
            lines.Add("when-down: sessions of a backend that goes down are reset");
        }

        return lines;
    }

    private static string Of(ProbeSpec probe)
    {
        var what = probe.Kind switch
        {
            ProbeKind.Http => $"GET {probe.Path} must be answered with {StatusText.Format(probe.Statuses)}",
            ProbeKind.Tls => "a TLS handshake must succeed",
            ProbeKind.Udp when probe.Expect.Length > 0 => "a datagram must be answered as expected",
            ProbeKind.Udp => "a datagram must not be refused",
            ProbeKind.Exec => $"{probe.Command[0]} must exit with 0",
            _ => "a connection must be accepted",
        };
        var where = probe.Port is { } port ? $" on port {port}" : "";
        return $"health-check {ProbeText.Format(probe)}: {what}{where} within {GoDuration.Format(probe.Timeout)}, "
            + $"tried every {GoDuration.Format(probe.Interval)}{Doubt(probe)}; down after {probe.Fall} failures, up after {probe.Rise} successes";
    }

    private static string Doubt(ProbeSpec probe) =>
        (probe.FastInterval is { } fast ? $", in doubt every {GoDuration.Format(fast)}" : "")
        + (probe.DownInterval is { } down ? $", while it is down every {GoDuration.Format(down)}" : "");

    private static IEnumerable<string> Of(OutlierSpec outlier)
    {
        var ejected = $"a backend is ejected for {GoDuration.Format(outlier.BaseEjection)}, longer each time, "
            + $"up to {GoDuration.Format(outlier.MaxEjection)}, but never more than {outlier.MaxEjectedPercent} % of them";
        if (outlier.ConsecutiveFailures > 0)
        {
            yield return $"outlier-detection: after {outlier.ConsecutiveFailures} failed connects in a row {ejected}";
        }

        if (outlier.SuccessRateDeviations > 0)
        {
            var deviations = outlier.SuccessRateDeviations.ToString(CultureInfo.InvariantCulture);
            yield return $"outlier-detection: when its share of successful connects in {GoDuration.Format(outlier.Interval)} "
                + $"lies {deviations} standard deviations below the mean, {ejected}";
        }
    }
}
