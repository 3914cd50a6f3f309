using System.Net;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Interop;
using L4Lb.Engine.Shards;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Answering;

/// <summary>
/// Answers datagrams by itself rather than forwarding them: the event loops, sockets and batches of the data plane, for what
/// the appliance has to say of its own. Each thread has a socket of its own on the address (SO_REUSEPORT).
/// </summary>
public sealed class DatagramServer : IDisposable
{
    /// <summary>Most bytes of an answer: what crosses an Ethernet in one piece.</summary>
    public const int AnswerBytesMax = 1472;

    // Questions come in bursts, when a service starts on many hosts.
    private const int ReceiveBytes = 4 << 20;

    private readonly List<(Shard Shard, AnsweringSocket Socket)> _workers = [];

    private DatagramServer(IPEndPoint address) => Address = address;

    /// <summary>Where it listens; with the port that the kernel chose, when 0 was asked for.</summary>
    public IPEndPoint Address { get; private set; }

    /// <summary>Datagrams that could not be answered, since the network had no room.</summary>
    public long Dropped => _workers.Sum(static worker => Interlocked.Read(ref worker.Socket.Dropped));

    /// <summary>Listens at <paramref name="address"/>.</summary>
    /// <param name="address">Address and port; port 0 for any that is free.</param>
    /// <param name="threads">Threads that answer, at least 1.</param>
    /// <param name="handlers">Makes what answers, once for each thread.</param>
    /// <exception cref="IOException">The address cannot be had: says why and what would help.</exception>
    public static DatagramServer Open(IPEndPoint address, int threads, Func<IDatagramHandler> handlers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var server = new DatagramServer(address);
        try
        {
            for (var i = 0; i < threads; i++)
            {
                server.Add(i, handlers());
            }
        }
        catch
        {
            server.Dispose();
            throw;
        }

        foreach (var (shard, socket) in server._workers)
        {
            shard.Post(static state => ((AnsweringSocket)state!).Watch(), socket);
            shard.Start();
        }

        return server;
    }

    /// <summary>Ends the threads and closes the sockets.</summary>
    public void Dispose()
    {
        foreach (var (shard, socket) in _workers)
        {
            socket.Close();
            shard.Dispose();
            socket.Dispose();
        }

        _workers.Clear();
    }

    private void Add(int index, IDatagramHandler handler)
    {
        var key = AddressKey.From(Address);
        var isWildcard = Address.Address.Equals(IPAddress.Any) || Address.Address.Equals(IPAddress.IPv6Any);
        var target = key.ToSocketAddress();
        if (index == 0 && key.Port != 0 && SocketSetup.Probe(target, isUdp: true) is var taken and not Errno.None)
        {
            throw Unavailable(key, taken);
        }

        var made = SocketSetup.ListenUdp(target, isWildcard, ReceiveBytes, offload: false);
        if (!made.Succeeded)
        {
            throw Unavailable(key, made.Error);
        }

        Address = SocketIo.LocalAddress(made.Value).ToKey().ToIPEndPoint();
        var shard = new Shard(index, "l4lb-answers");
        _workers.Add((shard, new AnsweringSocket(shard, handler, made.Value, AddressKey.From(Address), isWildcard)));
    }

    private static IOException Unavailable(in AddressKey address, Errno error) =>
        new(ListenProblem.Describe(new ListenAddress(TransportProtocol.Udp, address), error));
}
