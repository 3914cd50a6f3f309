using L4Lb.Host.Cli;

namespace L4Lb.Host.Lab;

/// <summary>What carries each command of the lab out; tests put their own here.</summary>
internal sealed record LabHandlers
{
    /// <summary><c>l4lb lab</c>.</summary>
    public CommandHandler<GuideSettings> Guide { get; init; } = GuideCommand.RunAsync;

    /// <summary><c>l4lb lab scenarios</c>.</summary>
    public CommandHandler<ScenariosSettings> Scenarios { get; init; } = ScenariosCommand.RunAsync;

    /// <summary><c>l4lb lab check</c>.</summary>
    public CommandHandler<CheckScenarioSettings> Check { get; init; } = CheckScenarioCommand.RunAsync;

    /// <summary><c>l4lb lab simulate</c>.</summary>
    public CommandHandler<SimulateSettings> Simulate { get; init; } = SimulateCommand.RunAsync;

    /// <summary><c>l4lb lab live</c>.</summary>
    public CommandHandler<LiveSettings> Live { get; init; } = LiveCommand.RunAsync;

    /// <summary><c>l4lb lab replay</c>.</summary>
    public CommandHandler<ReplaySettings> Replay { get; init; } = ReplayCommand.RunAsync;

    /// <summary><c>l4lb lab report</c>.</summary>
    public CommandHandler<ReportSettings> Report { get; init; } = ReportCommand.RunAsync;

    /// <summary><c>l4lb lab compare</c>.</summary>
    public CommandHandler<CompareSettings> Compare { get; init; } = CompareCommand.RunAsync;
}
