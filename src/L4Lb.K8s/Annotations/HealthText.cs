using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>What is found out about backends besides active checks, in words.</summary>
internal static class HealthText
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly ValueReader<TimeSpan> s_interval = Values.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));

    /// <summary>Reads <c>none</c>, <c>default</c> or <c>consecutive=5,ejection=10s,…</c>. Returns what is wrong, or null.</summary>
    public static string? ParseOutlier(string text, out OutlierSpec? outlier)
    {
        outlier = text == "none" ? null : OutlierSpec.Default;
        if (text is "none" or "default")
        {
            return null;
        }

        var parameters = new ParameterReader(EscapedText.Split(text, ','));
        var standard = OutlierSpec.Default;
        outlier = new()
        {
            ConsecutiveFailures = parameters.Read("consecutive", Values.Number(0, 1000), standard.ConsecutiveFailures),
            Interval = parameters.Read("interval", s_interval, standard.Interval),
            BaseEjection = parameters.Read("ejection", s_interval, standard.BaseEjection),
            MaxEjection = parameters.Read("max-ejection", s_interval, standard.MaxEjection),
            MaxEjectedPercent = parameters.Read("max-ejected", Values.Number(0, 100), standard.MaxEjectedPercent),
            SuccessRateDeviations = parameters.Read("success-rate", Values.Real(0, 10), standard.SuccessRateDeviations),
            SuccessRateMinimumConnects = parameters.Read(
                "min-connects", Values.Number(1, int.MaxValue), standard.SuccessRateMinimumConnects),
            SuccessRateMinimumBackends = parameters.Read(
                "min-backends", Values.Number(2, int.MaxValue), standard.SuccessRateMinimumBackends),
        };
        if (outlier.MaxEjection < outlier.BaseEjection)
        {
            parameters.Refuse(
                $"the longest ejection, {GoDuration.Format(outlier.MaxEjection)} (max-ejection=), is shorter than the first, "
                + $"{GoDuration.Format(outlier.BaseEjection)} (ejection=)");
        }

        return parameters.End() is { } problem ? $"{problem}; or none, or default" : null;
    }

    /// <summary>Reads <c>30s,aggression=1,min=10</c>. Returns what is wrong, or null.</summary>
    public static string? ParseSlowStart(string text, out SlowStartSpec? slowStart)
    {
        var parts = EscapedText.Split(text, ',');
        var problem = Values.Duration(TimeSpan.FromMilliseconds(100), s_hour)(parts[0], out var window);
        var parameters = new ParameterReader(parts.Skip(1));
        slowStart = new() { Window = window };
        slowStart = slowStart with
        {
            Aggression = parameters.Read("aggression", Values.Real(0.1, 100), slowStart.Aggression),
            MinimumPercent = parameters.Read("min", Values.Number(1, 100), slowStart.MinimumPercent),
        };
        return problem ?? parameters.End();
    }

    /// <summary>Reads <c>port=9000,interval=2s,timeout=1s,send=TEXT</c>. Returns what is wrong, or null.</summary>
    public static string? ParseAgent(string text, out AgentSpec? agent)
    {
        var parameters = new ParameterReader(EscapedText.Split(text, ','));
        var port = parameters.Read("port", Values.Number(1, 65535), 0);
        agent = new() { Port = port };
        agent = agent with
        {
            Interval = parameters.Read("interval", s_interval, agent.Interval),
            Timeout = parameters.Read(
                "timeout", Values.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)), agent.Timeout),
            Send = parameters.Read("send", Values.Escaped, agent.Send),
        };
        return parameters.End() ?? (port == 0 ? "expected the agent's port: port=9000" : null);
    }
}
