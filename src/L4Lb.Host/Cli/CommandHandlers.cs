using L4Lb.Host.Check;
using L4Lb.Host.Client;
using L4Lb.Host.Client.Get;
using L4Lb.Host.Client.Top;
using L4Lb.Host.Demo;
using L4Lb.Host.Env;
using L4Lb.Host.Explain;
using L4Lb.Host.Health;
using L4Lb.Host.Lab;
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

    /// <summary><c>l4lb env</c>.</summary>
    public CommandHandler<EnvSettings> Env { get; init; } = EnvCommand.RunAsync;

    /// <summary><c>l4lb health</c>.</summary>
    public CommandHandler<HealthSettings> Health { get; init; } = HealthCommand.RunAsync;

    /// <summary><c>l4lb get</c>.</summary>
    public CommandHandler<GetSettings> Get { get; init; } = GetCommand.RunAsync;

    /// <summary><c>l4lb top</c>.</summary>
    public CommandHandler<TopSettings> Top { get; init; } = TopCommand.RunAsync;

    /// <summary><c>l4lb drain</c>, <c>l4lb enable</c> and <c>l4lb weight</c>.</summary>
    public CommandHandler<BackendSettings> Backend { get; init; } = BackendCommand.RunAsync;

    /// <summary><c>l4lb kill</c>.</summary>
    public CommandHandler<KillSettings> Kill { get; init; } = KillCommand.RunAsync;

    /// <summary><c>l4lb reload</c>.</summary>
    public CommandHandler<ReloadSettings> Reload { get; init; } = ReloadCommand.RunAsync;

    /// <summary><c>l4lb lab …</c>.</summary>
    public LabHandlers Lab { get; init; } = new();
}

/// <summary>Carries out a command and returns the exit code.</summary>
internal delegate Task<int> CommandHandler<in TSettings>(
    TSettings settings, CommandContext context, CancellationToken cancellationToken);
