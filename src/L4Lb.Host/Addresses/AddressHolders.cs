using L4Lb.Engine.Desired;
using L4Lb.Host.Announcing;
using L4Lb.Host.Running;

namespace L4Lb.Host.Addresses;

/// <summary>Makes the holder of addresses that was asked for.</summary>
internal static class AddressHolders
{
    /// <summary>Opens what it needs of this machine.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="stateDirectory">Folder of the journal; null for the usual one.</param>
    /// <param name="drain">Time that sessions have at the end.</param>
    /// <param name="leases">Who of several may have an address.</param>
    /// <param name="logger">Is told what happens.</param>
    /// <exception cref="StartFailedException">The interface is not there, or a capability is missing.</exception>
    public static IAddressHolder Open(
        AddressSettings settings, string? stateDirectory, TimeSpan drain, IAddressLeases leases, ILogger logger)
    {
        if (settings.Interface is not { } name)
        {
            return new NoAddressHolder();
        }

        var iface = new KernelInterfaceAddresses(name);
        var journal = new AddressJournal(stateDirectory ?? AddressJournal.DefaultFolder, name);
        if (settings.Announce == AnnounceMode.None)
        {
            return new AddressManager(iface, journal, logger);
        }

        if (InterfaceProblem.OfChanging(iface) is { } problem)
        {
            throw new StartFailedException($"--manage-addresses {name}: {problem}");
        }

        // What a run without announcements left behind is there for good, and nobody may have it before it is ours.
        if (journal.IsThere)
        {
            new AddressManager(iface, journal, logger).KeepOnly(new DesiredState());
            journal.Dispose();
        }

        return settings.Announce == AnnounceMode.L2
            ? Announce(LinkWire.Open(name), AnnounceTiming.OnLink(settings.Lease, leases.IsExclusive ? settings.Lease : drain))
            : Announce(new NoWire(), AnnounceTiming.ByRoute(settings.Lease));

        Announcer Announce(IWire wire, AnnounceTiming timing) => new(iface, wire, leases, timing, TimeProvider.System, logger);
    }
}
