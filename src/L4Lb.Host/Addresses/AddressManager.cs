using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Host.Logging;
using L4Lb.Host.Running;

namespace L4Lb.Host.Addresses;

/// <summary>
/// Adds the services' addresses to an interface and removes them again. It owns what it added and nothing else: an
/// address that was there already stays when the service goes. Not thread-safe.
/// </summary>
internal sealed class AddressManager : IAddressHolder
{
    private readonly IInterfaceAddresses _interface;
    private readonly AddressJournal _journal;
    private readonly ILogger _logger;
    private readonly HashSet<IPAddress> _owned;
    private bool _isStarting = true;

    /// <summary>Continues where <paramref name="journal"/> ends: what an earlier run left behind is owned again.</summary>
    /// <exception cref="StartFailedException">The journal cannot be read, or another process has it.</exception>
    public AddressManager(IInterfaceAddresses iface, AddressJournal journal, ILogger logger)
    {
        _interface = iface;
        _journal = journal;
        _logger = logger;
        try
        {
            journal.Lock();
            _owned = journal.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            journal.Dispose();
            throw new StartFailedException($"--manage-addresses {iface.Interface}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="StartFailedException">It cannot, and never could since the start.</exception>
    public void Take(DesiredState desired)
    {
        var missing = WantedAddresses.Of(desired);
        var present = new HashSet<IPAddress>();
        if (_interface.List(present) is not 0 and var errno)
        {
            Fail("its addresses", errno);
            return;
        }

        missing.ExceptWith(present);
        if (missing.Count > 0 && Note(_owned.Union(missing)))
        {
            foreach (var address in missing)
            {
                Add(address);
            }

            Note(_owned);
        }

        _isStarting = false;
    }

    /// <inheritdoc/>
    public void KeepOnly(DesiredState desired) => Remove(_owned.Except(WantedAddresses.Of(desired)));

    /// <summary>Removes everything that it added.</summary>
    public ValueTask DisposeAsync()
    {
        Remove(_owned);
        _journal.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Add(IPAddress address)
    {
        switch (_interface.Add(address))
        {
            case 0:
                _owned.Add(address);
                HostLog.AddressAdded(_logger, address.ToString(), _interface.Interface);
                break;
            case InterfaceProblem.AlreadyThere:
                _owned.Remove(address); // Somebody was faster, so it is theirs.
                break;
            case var errno:
                Fail(address.ToString(), errno);
                break;
        }
    }

    private void Remove(IEnumerable<IPAddress> addresses)
    {
        IPAddress[] unwanted = [.. addresses];
        foreach (var address in unwanted)
        {
            var errno = _interface.Remove(address);
            if (errno is 0 or InterfaceProblem.NotThere or InterfaceProblem.NoDevice)
            {
                _owned.Remove(address);
                HostLog.AddressRemoved(_logger, address.ToString(), _interface.Interface);
            }
            else
            {
                HostLog.AddressFailed(_logger, address.ToString(), _interface.Interface, InterfaceProblem.Describe(errno));
            }
        }

        if (unwanted.Length > 0)
        {
            Note(_owned);
        }
    }

    /// <summary>Whether the journal has it now; nothing is added that could not be found again after a crash.</summary>
    private bool Note(IEnumerable<IPAddress> addresses)
    {
        try
        {
            _journal.Write(addresses);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail("journal", e.Message);
            return false;
        }
    }

    private void Fail(string address, int errno) => Fail(address, InterfaceProblem.Describe(errno));

    private void Fail(string address, string problem)
    {
        if (_isStarting)
        {
            throw new StartFailedException($"--manage-addresses {_interface.Interface}: {address}: {problem}");
        }

        HostLog.AddressFailed(_logger, address, _interface.Interface, problem);
    }
}
