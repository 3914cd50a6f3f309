using L4Lb.Host.Check;
using L4Lb.Host.Cli;
using L4Lb.Host.Client;
using L4Lb.Host.Client.Get;
using L4Lb.Host.Client.Top;
using L4Lb.Host.Demo;
using L4Lb.Host.Env;
using L4Lb.Host.Explain;
using L4Lb.Host.Health;
using L4Lb.Host.Lab;
using L4Lb.Host.Running;

namespace L4Lb.Host.Tests.Cli;

/// <summary>Understands a command line without carrying it out.</summary>
internal sealed class CommandLineFixture
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public object? Settings { get; private set; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public static RunSettings Run(params string[] arguments) => RunWith([], arguments);

    public static RunSettings RunWith(Dictionary<string, string> variables, params string[] arguments)
    {
        var fixture = new CommandLineFixture();
        foreach (var (name, value) in variables)
        {
            fixture.Variables[name] = value;
        }

        Assert.Equal(0, fixture.ExitCodeOf(["run", .. arguments]));
        return Assert.IsType<RunSettings>(fixture.Settings);
    }

    public int ExitCodeOf(params string[] arguments)
    {
        var running = CommandLine.RunAsync(
            arguments,
            new CommandContext(_out, _error, n => Variables.GetValueOrDefault(n)),
            new CommandHandlers
            {
                Run = Keep<RunSettings>,
                Demo = Keep<DemoSettings>,
                Check = Keep<CheckSettings>,
                Explain = Keep<ExplainSettings>,
                Health = Keep<HealthSettings>,
                Get = Keep<GetSettings>,
                Top = Keep<TopSettings>,
                Backend = Keep<BackendSettings>,
                Kill = Keep<KillSettings>,
                Reload = Keep<ReloadSettings>,
                Env = Keep<EnvSettings>,
                Lab = new LabHandlers
                {
                    Guide = Keep<GuideSettings>,
                    Scenarios = Keep<ScenariosSettings>,
                    Check = Keep<CheckScenarioSettings>,
                    Simulate = Keep<SimulateSettings>,
                    Live = Keep<LiveSettings>,
                    Replay = Keep<ReplaySettings>,
                    Report = Keep<ReportSettings>,
                    Compare = Keep<CompareSettings>,
                },
            });
        Assert.True(running.IsCompletedSuccessfully); // Nothing is waited for when nothing is carried out.
        return running.GetAwaiter().GetResult();
    }

    private Task<int> Keep<T>(T settings, CommandContext context, CancellationToken cancellationToken)
    {
        Settings = settings;
        return Task.FromResult(0);
    }
}
