namespace L4Lb.Engine.Scheduling;

/// <summary>Chooses by cost: what schedulers that differ only in the cost have in common. Thread-safe.</summary>
internal interface IChooser
{
    /// <summary>The parameter that says among how many to choose.</summary>
    internal static SchedulerParameterDefinition Choices { get; } = new(
        "choices", "how many are drawn at random, to take the best of them; or all, to compare everybody",
        "2", "a number from 1 to 16, or all",
        static text => text == All || SchedulerParameterDefinition.Number("", "", 2, 1, 16).IsValid(text));

    private const string All = "all";

    /// <summary>As <see cref="IScheduler.Next"/>.</summary>
    int Next(in TriedSet tried, long nowMs);

    /// <summary>The chooser that the parameter asks for.</summary>
    static IChooser Create<TCost>(Candidate[] candidates, SchedulerMemory memory, SchedulerParameters parameters, TCost cost)
        where TCost : struct, ISessionCost =>
        parameters.Text(Choices.Name) == All
            ? new LeastOfAll<TCost>(candidates, memory, cost)
            : new LeastOfDraws<TCost>(candidates, memory, cost, parameters.Number(Choices.Name));
}
