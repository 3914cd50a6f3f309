using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Standalone;

namespace L4Lb.K8s.Tests.Translation;

/// <summary>A plan as text that a person can review: what is the default is left out.</summary>
internal static class PlanText
{
    public static string Of(Plan plan)
    {
        var text = new StringBuilder();
        foreach (var spec in plan.Desired.Services)
        {
            text.Append(Of(spec));
        }

        foreach (var diagnostic in plan.Diagnostics)
        {
            text.Append(diagnostic.Severity == L4Lb.K8s.Diagnostics.Severity.Error ? "error: " : "").Append(diagnostic).Append('\n');
        }

        return text.ToString();
    }

    public static string Of(ServiceSpec spec)
    {
        var text = new StringBuilder($"{spec.Key} {spec.Protocol} {spec.Scheduler.Name}");
        foreach (var parameter in spec.Scheduler.Parameters)
        {
            text.Append($",{parameter.Name}={parameter.Value}");
        }

        text.Append('\n');
        foreach (var listen in spec.Listens)
        {
            text.Append($"  listen {listen.Address} {listen.Kind} {listen.Scope}");
            text.Append(listen.SourceRanges.Count > 0 ? $" from {string.Join(" ", listen.SourceRanges)}" : "");
            text.Append(listen.DeniedRanges.Count > 0 ? $" but not from {string.Join(" ", listen.DeniedRanges)}\n" : "\n");
        }

        foreach (var backend in spec.Backends)
        {
            text.Append($"  backend {backend.Address} weight {backend.Weight}, {backend.Scopes}");
            text.Append(backend.Reason is null ? "\n" : $" ({backend.Reason})\n");
        }

        if (spec.Affinity is { } affinity)
        {
            text.Append($"  affinity {affinity.Scope} {GoDuration.Format(affinity.Timeout)}");
            text.Append(Differences(affinity, new AffinitySpec { Scope = affinity.Scope, Timeout = affinity.Timeout })).Append('\n');
        }

        if (spec.Timeouts != ServiceAnnotations.None.TimeoutsFor(spec.Protocol))
        {
            var timeouts = spec.Timeouts;
            text.Append($"  connect {timeouts.ConnectAttempts} x {string.Join(" ", timeouts.ConnectTimeouts.Select(GoDuration.Format))} in {GoDuration.Format(timeouts.ConnectBudget)}");
            text.Append($", idle {GoDuration.Format(timeouts.Idle)}, half-close {GoDuration.Format(timeouts.HalfClose)}, drain {GoDuration.Format(timeouts.Drain)}\n");
        }

        var usual = ServiceAnnotations.None;
        AppendDifferences("limits", spec.Limits with { PerSource = null }, usual.Limits);
        AppendDifferences("source limits", spec.Limits.PerSource, new SourceLimitSpec());
        AppendDifferences("health", spec.Health with { Probe = null, Agent = null, SlowStart = null, Outlier = OutlierSpec.Default }, usual.Health);
        if (spec.Health.Probe is { } probe)
        {
            text.Append($"  probe {ProbeText.Format(probe)}\n");
        }

        AppendDifferences("agent", spec.Health.Agent, new AgentSpec { Port = 0 });
        AppendDifferences("slow start", spec.Health.SlowStart, new SlowStartSpec { Window = default });
        AppendDifferences("outlier", spec.Health.Outlier, OutlierSpec.Default);
        text.Append(spec.Health.Outlier is null ? "  outlier none\n" : "");
        AppendDifferences("datagrams", spec.Datagrams, DatagramSpec.Default);
        AppendDifferences("PROXY protocol", spec.ProxyProtocol, usual.ProxyProtocol);
        return text.ToString();

        void AppendDifferences<T>(string name, T? value, T standard)
            where T : class
        {
            if (value is not null && !value.Equals(standard))
            {
                text.Append($"  {name}{Differences(value, standard)}\n");
            }
        }
    }

    /// <summary>The properties in which two records differ.</summary>
    private static string Differences<T>(T value, T standard)
        where T : class => string.Concat(
            from property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            let own = property.GetValue(value)
            where !Equals(own, property.GetValue(standard))
            select $" {property.Name}={Show(own)}");

    private static string Show(object? value) => value switch
    {
        TimeSpan time => GoDuration.Format(time),
        string text => EscapedText.Encode(text, ""),
        IFormattable or null => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        IEnumerable items => string.Join(' ', items.Cast<object>()),
        _ => value.ToString()!,
    };
}
