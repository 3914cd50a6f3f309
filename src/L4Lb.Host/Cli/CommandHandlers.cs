using L4Lb.Host.Check;
using L4Lb.Host.Demo;
using L4Lb.Host.Explain;
using L4Lb.Host.Health;
using L4Lb.Host.Running;

namespace L4Lb.Host.Cli;

/// <summary>What carries each command out once it is understood; tests put their own here.</summary>
internal sealed record CommandHandlers
{
    /// <summary>Those of the product.</summary>
    public static CommandHandlers Default { get; } = new();

    /// <summary><c>l4lb run</c>.</summary>
    public CommandHandler<RunSettings> Run { get; init; } = RunCommand.RunAsync;

    /// <summary><c>l4lb demo</c>.</summary>
    public CommandHandler<DemoSettings> Demo { get; init; } = DemoCommand.RunAsync;

    /// <summary><c>l4lb check</c>.</summary>
    public CommandHandler<CheckSettings> Check { get; init; } = CheckCommand.RunAsync;

    /// <summary><c>l4lb explain</c>.</summary>
    public CommandHandler<ExplainSettings> Explain { get; init; } = ExplainCommand.RunAsync;

    /// <summary><c>l4lb health</c>.</summary>
    public CommandHandler<HealthSettings> Health { get; init; } = HealthCommand.RunAsync;
}

/// <summary>Carries out a command and returns the exit code.</summary>
internal delegate Task<int> CommandHandler<in TSettings>(
    TSettings settings, CommandContext context, CancellationToken cancellationToken);
