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
            text.Append(listen.SourceRanges.Count > 0 ? $" from {string.Join(" ", listen.SourceRanges)}\n" : "\n");
        }

        foreach (var backend in spec.Backends)
        {
            text.Append($"  backend {backend.Address} weight {backend.Weight}, {backend.Scopes}");
            text.Append(backend.Reason is null ? "\n" : $" ({backend.Reason})\n");
        }

        if (spec.Affinity is { } affinity)
        {
            text.Append($"  affinity {affinity.Scope} {GoDuration.Format(affinity.Timeout)}\n");
        }

        if (spec.Timeouts != ServiceAnnotations.None.TimeoutsFor(spec.Protocol))
        {
            var timeouts = spec.Timeouts;
            text.Append($"  connect {timeouts.ConnectAttempts} x {string.Join(" ", timeouts.ConnectTimeouts.Select(GoDuration.Format))} in {GoDuration.Format(timeouts.ConnectBudget)}");
            text.Append($", idle {GoDuration.Format(timeouts.Idle)}, half-close {GoDuration.Format(timeouts.HalfClose)}, drain {GoDuration.Format(timeouts.Drain)}\n");
        }

        if (spec.Limits != LimitSpec.None)
        {
            text.Append($"  sessions {spec.Limits.MaxSessions}, of a backend {spec.Limits.BackendMaxSessions}\n");
        }

        return text.ToString();
    }
}
