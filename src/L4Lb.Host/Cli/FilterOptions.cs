using System.CommandLine;
using System.Net;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Client.Get;

namespace L4Lb.Host.Cli;

/// <summary>The options that say which sessions, or what else, is meant.</summary>
internal sealed class FilterOptions
{
    private readonly Setting<string?> _service = OptionBuilder.Here<string?>(
        "--service", "SERVICE", "Those of a Service: NAME or NAMESPACE/NAME", ReadService, null, "-s");

    private readonly Setting<IPEndPoint?> _backend = OptionBuilder.Here<IPEndPoint?>(
        "--backend", "ADDRESS:PORT", "Those of a backend", EndPointText.Read, null);

    private readonly Setting<string?> _client = OptionBuilder.Here<string?>(
        "--client", "ADDRESS|CIDR", "Those of a client, or of all clients of a network", ClientNetwork.Read, null);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public FilterOptions(Command command)
    {
        command.Add(_service);
        command.Add(_backend);
        command.Add(_client);
    }

    /// <summary>What was given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ns">The namespace of a Service that is given without one; null for <c>default</c>.</param>
    public Selection Read(ParseResult parsed, string? ns = null)
    {
        var service = _service.In(parsed);
        return new Selection
        {
            Namespace = ns,
            Service = service is null ? null : ServiceName.Read(ns is null || service.Contains('/') ? service : $"{ns}/{service}"),
            Backend = _backend.In(parsed),
            Client = _client.In(parsed),
        };
    }

    /// <summary>The names of those that were given.</summary>
    public IEnumerable<string> Given(ParseResult parsed) =>
        ((Option[])[_service, _backend, _client]).Where(o => parsed.GetResult(o) is not null).Select(static o => o.Name);

    private static string ReadService(string text)
    {
        ServiceName.Read(text);
        return text;
    }
}
