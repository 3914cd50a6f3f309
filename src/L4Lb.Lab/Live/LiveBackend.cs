using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;
using L4Lb.Lab.Simulation;

namespace L4Lb.Lab.Live;

/// <summary>How a backend answers whoever comes.</summary>
internal enum Door
{
    /// <summary>It does.</summary>
    Open,

    /// <summary>By a reset.</summary>
    Closed,

    /// <summary>Not at all.</summary>
    Mute,
}

/// <summary>The socket that a backend of the scenario is reached at, and who waits there. For one thread.</summary>
internal sealed class LiveBackend : IDisposable
{
    // The kernel cuts it to net.core.somaxconn.
    private const int Backlog = 4096;

    private readonly SocketAddress _address;
    private readonly bool _isUdp;
    private readonly List<int> _plugs = [];

    /// <summary>Binds it.</summary>
    /// <exception cref="IOException">The port is not free.</exception>
    internal LiveBackend(Server state, int port, bool isUdp)
    {
        (State, _isUdp) = (state, isUdp);
        var wanted = AddressKey.From(System.Net.IPAddress.Loopback, port);
        if (port == 0)
        {
            // Once to learn of a port that is free; by number the second time, since only such a port outlasts a refusal.
            var found = Bind(wanted);
            wanted = SocketIo.LocalAddress(found).ToKey();
            SocketIo.Close(found);
        }

        Address = wanted;
        _address = wanted.ToSocketAddress();
        Descriptor = Bind(wanted);
        if (!isUdp)
        {
            _ = PlainIo.Listen(Descriptor, Backlog);
        }
    }

    /// <summary>What it does, as simulations have it.</summary>
    internal Server State { get; }

    /// <summary>Where it is.</summary>
    internal AddressKey Address { get; }

    /// <summary>The listening socket; of UDP the one for everything, -1 while that is closed.</summary>
    internal int Descriptor { get; private set; }

    internal Door Door { get; private set; }

    /// <summary>Places of those who wait for a worker, the first first.</summary>
    internal Queue<int> Waiting { get; } = new();

    /// <summary>Places of those who ask whether it is well, and must wait for an answer.</summary>
    internal List<int> Held { get; } = [];

    /// <summary>Answers whoever comes in another way from now on. Returns whether it has another socket.</summary>
    internal bool Turn(Door door)
    {
        var before = Door;
        Door = door;
        return _isUdp ? TurnUdp(door, before) : TurnTcp(door, before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unplug();
        if (Descriptor >= 0)
        {
            SocketIo.Close(Descriptor);
            Descriptor = -1;
        }
    }

    private bool TurnTcp(Door door, Door before)
    {
        if (before == Door.Mute)
        {
            Unplug();
        }

        if (door == Door.Closed)
        {
            PlainIo.StopListening(Descriptor);
            return false;
        }

        _ = PlainIo.Listen(Descriptor, door == Door.Open ? Backlog : 0);
        for (var i = 0; door == Door.Mute && i < 2; i++)
        {
            // A queue of none has room for one; whoever comes while it is full is not answered (Linux net/ipv4/tcp_input.c,
            // tcp_conn_request), as if the machine were gone.
            var plug = PlainIo.Dial(null, _address, isUdp: false);
            if (plug.Succeeded)
            {
                _plugs.Add(plug.Value);
            }
        }

        return false;
    }

    private bool TurnUdp(Door door, Door before)
    {
        if (door == Door.Closed)
        {
            SocketIo.Close(Descriptor);
            Descriptor = -1;
            return true;
        }

        if (before == Door.Closed)
        {
            Descriptor = Bind(Address);
            return true;
        }

        return false;
    }

    private void Unplug()
    {
        _plugs.ForEach(SocketIo.Reset);
        _plugs.Clear();
    }

    private int Bind(in AddressKey address)
    {
        var bound = PlainIo.Bind(address.ToSocketAddress(), _isUdp);
        return bound.Succeeded
            ? bound.Value
            : throw new IOException($"the backend {State.Name} cannot have {address}: {LastError.Describe(bound.Error)}");
    }
}
