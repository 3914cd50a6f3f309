using System.CommandLine;
using System.Globalization;
using System.Net;
using L4Lb.Dns.Wire;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Dns;

namespace L4Lb.Host.Cli;

/// <summary>The options by which Services are found by name.</summary>
internal sealed class DnsOptions
{
    private const int DnsPort = 53;

    private static readonly DnsName s_defaultDomain = DnsName.Parse(DnsSettings.DefaultClusterDomain);

    private readonly Setting<IPEndPoint?> _address = OptionBuilder.Single<IPEndPoint?>(
        "--dns", "ADDR[:PORT]", "Answer DNS for the Services there, by UDP and TCP (default: no; port 53)", ReadServer, null);

    private readonly Setting<DnsName> _clusterDomain = OptionBuilder.Single(
        "--cluster-domain", "NAME", $"Name that the names of all Services end with (default {DnsSettings.DefaultClusterDomain})",
        DnsName.Parse, s_defaultDomain);

    private readonly Setting<DnsName?> _externalZone = OptionBuilder.Single<DnsName?>(
        "--dns-external-zone", "NAME", "Answer SERVICE.NAMESPACE.NAME with load balancer addresses, and the names that Services ask for",
        DnsName.Parse, null);

    private readonly Setting<IReadOnlyList<IPEndPoint>> _upstreams = OptionBuilder.Many<IPEndPoint>(
        "--dns-upstream", "ADDR[:PORT]", "Server to ask for other names; may be repeated (default: such names are refused)", ReadServer);

    private readonly Setting<int> _rate = OptionBuilder.Single(
        "--dns-rate-limit", "N",
        string.Create(CultureInfo.InvariantCulture, $"Full answers a second by UDP for one client, the rest by TCP; 0 for no limit (default {DnsSettings.DefaultAnswersPerSecond})"),
        ReadRate, DnsSettings.DefaultAnswersPerSecond);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public DnsOptions(Command command)
    {
        command.Add(_address);
        command.Add(_clusterDomain);
        command.Add(_externalZone);
        command.Add(_upstreams);
        command.Add(_rate);
    }

    /// <summary>What was given; null without <c>--dns</c>.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="serviceCidrs">Ranges of ClusterIPs.</param>
    /// <param name="hasManifests">Whether there are files to serve from.</param>
    /// <param name="problems">What does not fit together.</param>
    public DnsSettings? Read(ParseResult parsed, IReadOnlyList<IPNetwork> serviceCidrs, bool hasManifests, ICollection<string> problems)
    {
        if (_address.In(parsed) is not { } address)
        {
            foreach (var option in (ReadOnlySpan<Option>)[_clusterDomain, _externalZone, _upstreams, _rate])
            {
                if (parsed.GetResult(option) is { Implicit: false })
                {
                    problems.Add($"{option.Name} needs --dns, which says where to answer");
                }
            }

            return null;
        }

        if (!hasManifests)
        {
            problems.Add("--dns needs files given by --filename: in a cluster its own DNS has the names, and --listen makes no Service");
        }

        if (_upstreams.In(parsed).Contains(address))
        {
            problems.Add($"--dns-upstream {address} is the address of --dns: it would ask itself");
        }

        return new DnsSettings(address)
        {
            ClusterDomain = _clusterDomain.In(parsed),
            ExternalZone = _externalZone.In(parsed),
            Upstreams = _upstreams.In(parsed),
            AnswersPerSecond = _rate.In(parsed),
            ServiceCidrs = serviceCidrs,
        };
    }

    /// <summary>With the port of DNS where none is given. The framework takes "[::]:53" for an address, too, and drops the port.</summary>
    private static IPEndPoint ReadServer(string text) =>
        IPAddress.TryParse(text, out var alone) && !text.Contains(']') && (text.Contains(':') || text.Count(static c => c == '.') == 3)
            ? new IPEndPoint(alone, DnsPort)
            : EndPointText.ReadListening(text);

    private static int ReadRate(string text) => int.TryParse(text, out var rate) && rate is >= 0 and <= 1_000_000
        ? rate
        : throw new FormatException("must be 0…1000000");
}
