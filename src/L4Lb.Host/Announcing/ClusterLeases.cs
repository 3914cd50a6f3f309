using System.Net;
using L4Lb.K8s.Leases;

namespace L4Lb.Host.Announcing;

/// <summary>Leases that a cluster's API server keeps.</summary>
internal sealed class ClusterLeases : IAddressLeases
{
    private readonly AddressLeases _leases;

    public ClusterLeases(AddressLeases leases)
    {
        _leases = leases;
        _leases.Changed += (address, status) => Changed?.Invoke(address, new LeaseReport(StateOf(status.State), status.Holder));
    }

    public event Action<IPAddress, LeaseReport>? Changed;

    public bool IsExclusive => true;

    public void Want(IPAddress address) => _leases.Want(address);

    public void Release(IPAddress address) => _leases.Release(address);

    private static LeaseState StateOf(AddressLeaseState state) => state switch
    {
        AddressLeaseState.Held => LeaseState.Held,
        AddressLeaseState.Unconfirmed => LeaseState.Unconfirmed,
        _ => LeaseState.None,
    };
}
