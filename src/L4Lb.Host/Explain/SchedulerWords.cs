using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Host.Explain;

/// <summary>What the catalog knows of a service's scheduler.</summary>
internal static class SchedulerWords
{
    /// <summary>The scheduler as the annotation has it.</summary>
    public static string Name(SchedulerSpec scheduler) => string.Join(
        ",", [scheduler.Name, .. scheduler.Parameters.Select(static p => p.Value.Length > 0 ? $"{p.Name}={p.Value}" : p.Name)]);

    /// <summary>How it chooses, in one sentence.</summary>
    public static string Summary(SchedulerSpec scheduler) => Definition(scheduler).Summary;

    /// <summary>Every parameter that it takes, with the value that holds.</summary>
    public static IReadOnlyList<ExplainedParameter> Parameters(SchedulerSpec scheduler) =>
    [
        .. from parameter in Definition(scheduler).Parameters
           let given = scheduler.Parameters.Where(p => p.Name == parameter.Name).Select(static p => p.Value).LastOrDefault()
           let isFlag = parameter.Default.Length == 0 && parameter.IsValid("")
           let value = isFlag ? (given is null ? "off" : "on") : given ?? parameter.Default
           select new ExplainedParameter(parameter.Name, value, given is null, parameter.Summary),
    ];

    /// <summary>Why it names nobody although somebody could serve.</summary>
    public static string Refusal(SchedulerSpec scheduler) =>
        Definition(scheduler).Traits.HasFlag(SchedulerTraits.MayRefuse)
            ? $"the scheduler {scheduler.Name} names none of its backends for this client, as its model in the kernel would"
            : $"the scheduler {scheduler.Name} names none of its backends";

    private static SchedulerDefinition Definition(SchedulerSpec scheduler) => SchedulerCatalog.Find(scheduler.Name)!;
}
