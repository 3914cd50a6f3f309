using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>The annotations about the choice among backends.</summary>
internal static class SchedulingAnnotations
{
    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read)
    {
        return text.Name switch
        {
            AnnotationNames.Scheduler => read with { Scheduler = text.Read<SchedulerSpec>(ReadScheduler, SchedulerSpec.RoundRobin) },
            AnnotationNames.Weights => read with { Weights = text.Read<WeightTable>(WeightTable.Parse, WeightTable.Empty) },
            _ => null,
        };

        string? ReadScheduler(string value, out SchedulerSpec scheduler) =>
            SchedulerText.Parse(value, out scheduler) ?? text.Options.SchedulerProblem(scheduler);
    }
}
