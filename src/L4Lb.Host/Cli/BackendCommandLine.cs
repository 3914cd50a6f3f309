using System.CommandLine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Client;

namespace L4Lb.Host.Cli;

/// <summary>The options of <c>l4lb drain</c>, <c>l4lb enable</c> and <c>l4lb weight</c>.</summary>
internal static class BackendCommandLine
{
    private const string Reset = "reset";

    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Build(CommandContext context, CommandHandler<BackendSettings> change) =>
    [
        Build("drain", "Keep new sessions from a backend; those that it has go on", BackendChange.Drain, context, change),
        Build("enable", "Let new sessions to a backend again", BackendChange.Enable, context, change),
        Build("weight", "Give a backend another weight, until it is reset or configured anew", BackendChange.Weight, context, change),
    ];

    private static Command Build(
        string name, string description, BackendChange kind, CommandContext context, CommandHandler<BackendSettings> change)
    {
        var command = new Command(name, description);
        var service = OptionBuilder.Argument("SERVICE", "NAME or NAMESPACE/NAME; all ports of it that have the backend", ServiceName.Read);
        var backend = OptionBuilder.Argument("BACKEND", "ADDRESS:PORT", EndPointText.Read);
        var weight = OptionBuilder.Argument("WEIGHT", $"0…{BackendSpec.MaxWeight}, or reset for the one of the configuration", ReadWeight);
        command.Add(service);
        command.Add(backend);
        if (kind == BackendChange.Weight)
        {
            command.Add(weight);
        }

        var client = new ClientOptions(command);
        command.SetAction((parsed, cancellationToken) => change(
            new BackendSettings(client.Read(parsed), parsed.GetRequiredValue(service), parsed.GetRequiredValue(backend), kind)
            {
                Weight = kind == BackendChange.Weight ? parsed.GetValue(weight).Value : null,
            },
            context,
            cancellationToken));
        return command;
    }

    private static WantedWeight ReadWeight(string text) => text == Reset ? default
        : int.TryParse(text, out var weight) && weight is >= 0 and <= BackendSpec.MaxWeight ? new WantedWeight(weight)
        : throw new FormatException($"must be 0…{BackendSpec.MaxWeight} or {Reset}");

    /// <summary>A value of its own, since the parser takes null for none.</summary>
    private readonly record struct WantedWeight(int? Value);
}
