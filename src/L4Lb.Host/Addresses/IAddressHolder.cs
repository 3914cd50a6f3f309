using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Addresses;

/// <summary>
/// Makes the addresses of services local to this machine, or does nothing of the kind. Disposing gives all of them back.
/// </summary>
internal interface IAddressHolder : IAsyncDisposable
{
    /// <summary>Adds what <paramref name="desired"/> listens on and what is not there.</summary>
    void Take(DesiredState desired);

    /// <summary>Removes what was added and <paramref name="desired"/> does not listen on.</summary>
    void KeepOnly(DesiredState desired);

    /// <summary>Listeners have opened or closed: there is somebody to serve, or nobody any more. Any thread.</summary>
    void Follow(IReadOnlyList<ListenerStatus> listeners)
    {
    }

    /// <summary>What it does about each address that it announces, in their order. Any thread.</summary>
    Task<IReadOnlyList<AddressStatus>> ListAsync() => Task.FromResult<IReadOnlyList<AddressStatus>>([]);

    /// <summary>This instance is about to stop: lets others have the addresses, and waits a moment for them to come.</summary>
    Task HandOverAsync() => Task.CompletedTask;
}

/// <summary>Leaves addresses to somebody else.</summary>
internal sealed class NoAddressHolder : IAddressHolder
{
    public void Take(DesiredState desired)
    {
    }

    public void KeepOnly(DesiredState desired)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
