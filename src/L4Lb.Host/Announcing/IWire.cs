using System.Net;

namespace L4Lb.Host.Announcing;

/// <summary>The segment that an interface is on. Any thread; nothing waits.</summary>
internal interface IWire : IAsyncDisposable
{
    /// <summary>Somebody else said something about some address. Raised on any thread.</summary>
    event Action<Claim>? Heard;

    /// <summary>The link is another one: look at it again. Raised on any thread.</summary>
    event Action? Changed;

    /// <summary>Whether frames get anywhere, and how often that has changed so far: what lasted a moment shows there alone.</summary>
    (bool IsUp, long Changes) Link { get; }

    /// <summary>Cares to hear of an address.</summary>
    void Watch(IPAddress address);

    /// <summary>Does not care any more.</summary>
    void Unwatch(IPAddress address);

    /// <summary>Asks who has the address.</summary>
    void Probe(IPAddress address);

    /// <summary>Says that we have the address.</summary>
    void Announce(IPAddress address);
}

/// <summary>Nobody is there: for addresses that travel as routes.</summary>
internal sealed class NoWire : IWire
{
    public event Action<Claim>? Heard
    {
        add { }
        remove { }
    }

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public (bool IsUp, long Changes) Link => (true, 0);

    public void Watch(IPAddress address)
    {
    }

    public void Unwatch(IPAddress address)
    {
    }

    public void Probe(IPAddress address)
    {
    }

    public void Announce(IPAddress address)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
