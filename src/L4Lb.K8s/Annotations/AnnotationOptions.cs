using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>What the values of annotations depend on.</summary>
/// <param name="SchedulerProblem">What is wrong with a scheduler, or null: the catalog's own check.</param>
/// <param name="ExecProbes">Folder of the programs that may check backends; null when none may.</param>
public sealed record AnnotationOptions(Func<SchedulerSpec, string?> SchedulerProblem, string? ExecProbes = null)
{
    /// <summary>Every scheduler is accepted, and no program.</summary>
    public static AnnotationOptions Default { get; } = new(static _ => null);
}
