using System.CommandLine;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;
using L4Lb.Host.Client;
using L4Lb.Host.Client.Get;
using L4Lb.Lab.Scenarios;

namespace L4Lb.Host.Completion;

/// <summary>
/// <c>l4lb complete -- WORD…</c>, which the scripts ask: what the last word may become, a line each. Names are those of the instance
/// that the words before mean; when it does not answer at once there are none.
/// </summary>
internal static class CompleteCommand
{
    // Somebody waits at a prompt.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    /// <summary>Writes what there is.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="settings">The words.</param>
    /// <param name="context">The process.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(
        RootCommand root, CompleteSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> words = settings.Words.Count > 0 ? settings.Words : [""];
        var (before, last) = (words.SkipLast(1).ToArray(), words[^1]);
        var parsed = Parse(root, before, context);
        var command = parsed.CommandResult.Command;
        foreach (var word in await FindAsync(parsed, command, before, last, context, cancellationToken))
        {
            if (word.StartsWith(last, StringComparison.Ordinal))
            {
                context.Out.WriteLine(word);
            }
        }

        return ExitCode.Done;
    }

    private static async Task<IEnumerable<string>> FindAsync(
        ParseResult parsed, Command command, string[] before, string last, CommandContext context, CancellationToken cancellation)
    {
        if (before.Length > 0 && command.Options.FirstOrDefault(o => o.Name == before[^1] || o.Aliases.Contains(before[^1])) is { } option
            && option.Arity.MinimumNumberOfValues > 0)
        {
            return await NamesAsync(option.Name, parsed, context, cancellation) ?? Words(option);
        }

        if (last.StartsWith('-'))
        {
            return command.Options.Where(static o => !o.Hidden).SelectMany(static o => o.Aliases.Append(o.Name))
                .Where(static n => n.StartsWith("--", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        }

        if (command.Subcommands.Count > 0)
        {
            return command.Subcommands.Where(static c => !c.Hidden).Select(static c => c.Name);
        }

        var given = parsed.CommandResult.Tokens.Select(static t => t.Value).ToArray();
        return command.Name switch
        {
            "completion" when given.Length == 0 => CompletionCommand.Shells,
            "get" when given.Length == 0 => Resources.All.SelectMany(static r => r.OtherNames.Append(r.Name)).Order(StringComparer.Ordinal),
            "get" => await NamesAsync(given[0], parsed, context, cancellation) ?? [],
            "drain" or "enable" or "weight" when given.Length == 0 => await NamesAsync("--service", parsed, context, cancellation) ?? [],
            "drain" or "enable" or "weight" when given.Length == 1 => await NamesAsync("--backend", parsed, context, cancellation, given[0]) ?? [],
            "weight" when given.Length == 2 => ["reset"],
            "kill" => await NamesAsync("sessions", parsed, context, cancellation) ?? [],
            "scenarios" or "simulate" or "live" => ShippedScenarios.All.Select(static s => s.Name),
            _ => [],
        };
    }

    /// <summary>The words before, with the variables that say where the instance is; an option that has no value yet is left out.</summary>
    private static ParseResult Parse(RootCommand root, string[] before, CommandContext context)
    {
        string[] whole = before is [.. var rest, ['-', ..]] ? rest : before;
        return root.Parse([.. whole, .. EnvironmentArguments.For(root.Parse(whole), context.Variable).Arguments]);
    }

    /// <summary>The words of an option that takes one of a few, as its help has them; capitals stand for any value.</summary>
    private static IEnumerable<string> Words(Option option) =>
        (option.HelpName ?? "").Split('|')
            .Where(static word => word.Length > 1 && word.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));

    /// <summary>The names that the instance knows; null when what is asked for has none.</summary>
    private static async Task<IEnumerable<string>?> NamesAsync(
        string what, ParseResult parsed, CommandContext context, CancellationToken cancellation, string? service = null)
    {
        var selection = new Selection { Limit = 1000 };
        Resource resource;
        switch (what)
        {
            case "--service" or "--namespace":
                resource = Resources.Services;
                break;
            case "--backend" when parsed.CommandResult.Command.Name != "run":
                resource = Resources.Backends;
                break;
            case var word when Resources.All.FirstOrDefault(r => r.OtherNames.Append(r.Name).Contains(word)) is { } known:
                resource = known;
                break;
            default:
                return null;
        }

        try
        {
            selection = selection with { Service = service is null ? null : ServiceName.Read(service) };
            using var client = AdminClient.Create(ClientOptions.Find(parsed) with { Timeout = s_patience });
            var names = await resource.NamesAsync(client, selection, cancellation);
            return names.Select(name => what switch
            {
                "--namespace" => name[..name.IndexOf('/')],
                "--service" when name.StartsWith("default/", StringComparison.Ordinal) => name["default/".Length..],
                "--service" => name,
                _ => name[(name.IndexOf('/') + 1)..],
            }).Distinct(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is ClientException or OperationCanceledException or FormatException or InvalidOperationException)
        {
            return [];
        }
    }
}

/// <summary>A command line that somebody is at.</summary>
/// <param name="Words">Its words behind the program's name; the last is not finished, and may be empty.</param>
internal sealed record CompleteSettings(IReadOnlyList<string> Words);
