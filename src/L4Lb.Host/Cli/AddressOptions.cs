using System.CommandLine;
using L4Lb.Host.Addresses;
using L4Lb.Host.Announcing;
using L4Lb.Host.Cli.Values;

namespace L4Lb.Host.Cli;

/// <summary>The options that say where the services' addresses are, and who learns of it.</summary>
internal sealed class AddressOptions
{
    private static readonly AddressSettings s_defaults = new();

    private readonly Setting<string?> _manageAddresses = OptionBuilder.Single(
        "--manage-addresses", "none|IFACE", "Add the services' addresses to that interface, and remove them (default none)", ReadInterface, null);

    private readonly Setting<AnnounceMode> _announce = OptionBuilder.Single(
        "--announce",
        "none|l2|bgp",
        "Have an address only while it can serve: as the one holder on the segment, or for a routing daemon to export (default none)",
        WordText.Reader(("none", AnnounceMode.None), ("l2", AnnounceMode.L2), ("bgp", AnnounceMode.Bgp)),
        s_defaults.Announce);

    private readonly Setting<TimeSpan> _vipLease = OptionBuilder.Single(
        "--vip-lease", "DURATION", "Time after which others may have an announced address of an instance that died (default 5s)", ReadLease, s_defaults.Lease);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public AddressOptions(Command command)
    {
        command.Add(_manageAddresses);
        command.Add(_announce);
        command.Add(_vipLease);
    }

    /// <summary>What was given; what does not fit together goes to <paramref name="problems"/>.</summary>
    public AddressSettings Read(ParseResult parsed, ICollection<string> problems)
    {
        var settings = new AddressSettings(_manageAddresses.In(parsed), _announce.In(parsed)) { Lease = _vipLease.In(parsed) };
        if (settings.Announce != AnnounceMode.None && settings.Interface is null)
        {
            problems.Add("--announce needs the interface that has the addresses: --manage-addresses IFACE");
        }

        return settings;
    }

    private static string? ReadInterface(string text) => text switch
    {
        "none" => null,
        "" => throw new FormatException("must be none or the name of a network interface"),
        _ => text,
    };

    // The API server keeps whole seconds, and below two of them a node that is busy loses its addresses for nothing.
    private static TimeSpan ReadLease(string text) => DurationText.Read(text) is var lease
        && lease >= TimeSpan.FromSeconds(2) && lease <= TimeSpan.FromHours(1) && lease.Ticks % TimeSpan.TicksPerSecond == 0
            ? lease
            : throw new FormatException("must be whole seconds, from 2s to 1h");
}
