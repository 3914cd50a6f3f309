using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using L4Lb.Host.Completion;
using L4Lb.Host.Lab;

namespace L4Lb.Host.Cli;

/// <summary>The <c>l4lb</c> command line: from words and environment variables to one command and its exit code.</summary>
internal static class CommandLine
{
    /// <summary>Understands <paramref name="arguments"/> and carries them out.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        CommandContext context,
        CommandHandlers handlers,
        CancellationToken cancellationToken = default)
    {
        var root = BuildRoot(context, handlers);
        var variables = EnvironmentArguments.For(root.Parse(arguments), context.Variable);
        var parsed = root.Parse([.. arguments, .. variables.Arguments]);
        var (unknown, others) = UnknownWords.In(parsed);
        string[] problems = [.. unknown, .. variables.Problems];
        if (parsed.Action is ParseErrorAction || problems.Length > 0)
        {
            return UsageError.Write(context, parsed.CommandResult.Command, problems.Concat(variables.Name(others)));
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = context.Out,
                    Error = context.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null, // Draining takes its own time; ProcessSignals has the signals.
                },
                cancellationToken);
        }
        catch (ReaderGoneException)
        {
            return ExitCode.Done; // As in "l4lb get sessions | head": they have read what they wanted.
        }
    }

    private static RootCommand BuildRoot(CommandContext context, CommandHandlers handlers)
    {
        var root = new RootCommand("A user-space layer-4 load balancer that speaks Kubernetes Services.")
        {
            DemoCommandLine.Build(context, handlers.Demo),
            RunCommandLine.Build(context, handlers.Run),
            CheckCommandLine.Build(context, handlers.Check),
            ExplainCommandLine.Build(context, handlers.Explain),
            EnvCommandLine.Build(context, handlers.Env),
            HealthCommandLine.Build(context, handlers.Health),
            GetCommandLine.Build(context, handlers.Get),
            TopCommandLine.Build(context, handlers.Top),
        };
        foreach (var command in BackendCommandLine.Build(context, handlers.Backend))
        {
            root.Add(command);
        }

        root.Add(KillCommandLine.Build(context, handlers.Kill));
        root.Add(ReloadCommandLine.Build(context, handlers.Reload));
        root.Add(LabCommandLine.Build(context, handlers.Lab));
        root.Add(CompletionCommandLine.Build(context, CompletionCommand.RunAsync));
        root.Add(CompletionCommandLine.BuildAsked(context, root));
        root.Add(ManCommandLine.Build(context, root));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
