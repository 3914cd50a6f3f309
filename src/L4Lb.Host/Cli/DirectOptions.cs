using System.CommandLine;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Host.Cli.Values;

namespace L4Lb.Host.Cli;

/// <summary>The options that describe one service without a file.</summary>
internal sealed class DirectOptions
{
    private readonly Setting<IReadOnlyList<IPEndPoint>> _listen = OptionBuilder.Many(
        "--listen", "tcp://ADDRESS:PORT", "Where to listen, instead of files; all of them share the backends", ListenText.Read);

    private readonly Setting<IReadOnlyList<BackendSpec>> _backend = OptionBuilder.Many(
        "--backend", "ADDRESS:PORT[,weight=N]", "Who serves what arrives there", BackendText.Read);

    private readonly Setting<SchedulerSpec?> _scheduler = OptionBuilder.Single<SchedulerSpec?>(
        "--scheduler", "NAME[,PARAMETER=VALUE]", "How to choose among the backends (default rr)", SchedulerText.Read, null);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public DirectOptions(Command command)
    {
        command.Add(_listen);
        command.Add(_backend);
        command.Add(_scheduler);
    }

    /// <summary>The service that was given, or null when none was; problems go to <paramref name="problems"/>.</summary>
    public DesiredState? Read(ParseResult parsed, TimeSpan drainTimeout, bool hasFiles, ICollection<string> problems)
    {
        var listens = _listen.In(parsed);
        var backends = _backend.In(parsed);
        var scheduler = _scheduler.In(parsed);
        if (hasFiles)
        {
            if (listens.Count > 0 || backends.Count > 0)
            {
                problems.Add("either --filename or --listen with --backend, not both");
            }

            if (scheduler is not null)
            {
                problems.Add("--scheduler goes with --listen; in files, Services say it by the annotation l4lb.io/scheduler");
            }

            return null;
        }

        switch (listens.Count, backends.Count)
        {
            case (0, 0):
                problems.Add("nothing to serve: give --filename PATH, or --listen tcp://ADDRESS:PORT with --backend ADDRESS:PORT");
                return null;
            case (0, _):
                problems.Add("--backend needs --listen tcp://ADDRESS:PORT");
                return null;
            case (_, 0):
                problems.Add("--listen needs --backend ADDRESS:PORT");
                return null;
            default:
                return DirectService.Describe(listens, backends, scheduler ?? SchedulerSpec.RoundRobin, drainTimeout);
        }
    }
}
