using System.CommandLine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Explain;
using L4Lb.K8s.Annotations;
using AffinityText = L4Lb.Host.Cli.Values.AffinityText;
using DatagramText = L4Lb.Host.Cli.Values.DatagramText;
using SchedulerText = L4Lb.Host.Cli.Values.SchedulerText;

namespace L4Lb.Host.Cli;

/// <summary>The options that describe one service without a file.</summary>
internal sealed class DirectOptions
{
    private readonly Setting<IReadOnlyList<Target>> _listen = OptionBuilder.Many(
        "--listen", "tcp|udp://ADDRESS:PORT", "Where to listen, instead of files; all of them share the backends", ListenText.Read);

    private readonly Setting<IReadOnlyList<BackendSpec>> _backend = OptionBuilder.Many(
        "--backend", "ADDRESS:PORT[,weight=N]", "Who serves what arrives there", BackendText.Read);

    private readonly Setting<SchedulerSpec?> _scheduler = OptionBuilder.Single<SchedulerSpec?>(
        "--scheduler", "NAME[,PARAMETER=VALUE]", "How to choose among the backends (default rr)", SchedulerText.Read, null);

    // Read once it is known which programs may be run.
    private readonly Setting<string?> _healthCheck = OptionBuilder.Single<string?>(
        "--health-check", "CHECK", "How to check the backends, in the words of l4lb.io/health-check: tcp, http:/path, udp:SEND/EXPECT, … (default none)",
        OptionBuilder.Text, null);

    private readonly Setting<AffinitySpec?> _affinity = OptionBuilder.Single(
        "--affinity", "None|ClientIP", "Whether a client keeps its backend; ClientIP takes timeout=10m and more (default None)",
        AffinityText.Read, null);

    private readonly Setting<DatagramSpec?> _udp = OptionBuilder.Single<DatagramSpec?>(
        "--udp", "WORDS", "What a flow is where UDP is listened for, in the words of l4lb.io/udp: requests=1,responses=1, per-datagram, …",
        DatagramText.Read, null);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public DirectOptions(Command command)
    {
        command.Add(_listen);
        command.Add(_backend);
        command.Add(_scheduler);
        command.Add(_healthCheck);
        command.Add(_affinity);
        command.Add(_udp);
    }

    /// <summary>The service that was given, or null when none was; problems go to <paramref name="problems"/>.</summary>
    public DesiredState? Read(
        ParseResult parsed, TimeSpan drainTimeout, string? execProbes, string? instead, ICollection<string> problems)
    {
        var listens = _listen.In(parsed);
        var backends = _backend.In(parsed);
        if (instead is not null)
        {
            RefuseBeside(instead, parsed, problems);
            return null;
        }

        switch (listens.Count, backends.Count)
        {
            case (0, 0):
                problems.Add("nothing to serve: give --filename PATH, or --kubernetes, or --listen tcp://ADDRESS:PORT (or udp://…) with --backend ADDRESS:PORT");
                return null;
            case (0, _):
                problems.Add("--backend needs --listen tcp://ADDRESS:PORT or udp://ADDRESS:PORT");
                return null;
            case (_, 0):
                problems.Add("--listen needs --backend ADDRESS:PORT");
                return null;
            default:
                if (_udp.In(parsed) is not null && listens.All(static l => l.Protocol != TransportProtocol.Udp))
                {
                    problems.Add("--udp needs --listen udp://ADDRESS:PORT");
                }

                var rules = new DirectRules(
                    _scheduler.In(parsed) ?? SchedulerSpec.RoundRobin, _affinity.In(parsed),
                    ReadProbe(_healthCheck.In(parsed) ?? "none", execProbes, problems), _udp.In(parsed) ?? DatagramSpec.Default,
                    drainTimeout);
                return DirectService.Describe(listens, backends, rules);
        }
    }

    private static ProbeSpec? ReadProbe(string text, string? execProbes, ICollection<string> problems)
    {
        if (ProbeText.Parse(text, execProbes, out var probe) is { } problem)
        {
            problems.Add($"--health-check {text}: {problem}");
        }

        return probe;
    }

    private void RefuseBeside(string other, ParseResult parsed, ICollection<string> problems)
    {
        if (_listen.In(parsed).Count > 0 || _backend.In(parsed).Count > 0)
        {
            problems.Add($"either {other} or --listen with --backend, not both");
        }

        foreach (var (option, instead) in (ReadOnlySpan<(Option, string)>)
        [
            (_scheduler, $"the annotation {AnnotationNames.Scheduler}"),
            (_healthCheck, $"the annotation {AnnotationNames.HealthCheck}"),
            (_affinity, "spec.sessionAffinity"),
            (_udp, $"the annotation {AnnotationNames.Udp}"),
        ])
        {
            if (parsed.GetResult(option) is not null)
            {
                problems.Add($"{option.Name} goes with --listen; Services say it by {instead}");
            }
        }
    }
}
