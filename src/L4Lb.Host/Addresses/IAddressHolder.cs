using L4Lb.Engine.Desired;

namespace L4Lb.Host.Addresses;

/// <summary>Makes the addresses of services local to this machine, or does nothing of the kind.</summary>
internal interface IAddressHolder : IDisposable
{
    /// <summary>Adds what <paramref name="desired"/> listens on and what is not there.</summary>
    void Take(DesiredState desired);

    /// <summary>Removes what was added and <paramref name="desired"/> does not listen on.</summary>
    void KeepOnly(DesiredState desired);
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

    public void Dispose()
    {
    }
}
