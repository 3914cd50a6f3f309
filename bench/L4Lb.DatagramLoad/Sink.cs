using System.CommandLine;
using System.Net;
using L4Lb.DatagramLoad.Interop;

namespace L4Lb.DatagramLoad;

/// <summary>
/// A backend that counts datagrams and says how many when asked at its other address. It takes them as UDP_GRO joined
/// them and does not look at their bytes, so that it costs as little as a receiver can.
/// </summary>
internal sealed unsafe class Sink(IPEndPoint listen, IPEndPoint count)
{
    private const int BatchCount = 64;

    /// <summary>Longer datagrams are cut, but counted in full length with MSG_TRUNC.</summary>
    private const int Room = 64;

    private long _received;

    public static Command Build()
    {
        var command = new Command("sink", "Count datagrams, until ended by a signal");
        var listen = Options.EndPoint("--listen", "Where to count");
        var count = Options.EndPoint("--count", "Where every datagram is answered with the count");
        command.Add(listen);
        command.Add(count);
        command.SetAction(parsed => new Sink(parsed.GetRequiredValue(listen), parsed.GetRequiredValue(count)).Serve());
        return command;
    }

    /// <summary>Asks a sink for its count.</summary>
    public static long Ask(IPEndPoint count)
    {
        using var socket = new DatagramSocket(new IPEndPoint(IPAddress.Loopback, 0));
        using var batch = new DatagramBatch(1, Room);
        for (var attempts = 0; attempts < 20; attempts++)
        {
            batch.AimAt(InternetAddress.From(count));
            socket.Send(batch, 1);
            batch.Empty(1);
            if (socket.Receive(batch, 0) == 1)
            {
                return *(long*)batch.Payload(0);
            }
        }

        throw new IOException($"the sink at {count} does not say its count");
    }

    private void Serve()
    {
        using var socket = new DatagramSocket(listen);
        using var batch = new DatagramBatch(BatchCount, Room);
        using var counter = new DatagramSocket(count);
        socket.SetOption(Constants.SOL_UDP, Constants.UDP_GRO, 1, "UDP_GRO");
        new Thread(() => TellCount(counter)) { IsBackground = true }.Start();
        while (true)
        {
            batch.Empty(BatchCount);
            var messages = socket.Receive(batch, Constants.MSG_TRUNC);
            var datagrams = 0;
            for (var i = 0; i < messages; i++)
            {
                datagrams += batch.Segments(i);
            }

            Volatile.Write(ref _received, _received + datagrams);
        }
    }

    private void TellCount(DatagramSocket socket)
    {
        using var batch = new DatagramBatch(1, Room);
        while (true)
        {
            batch.Empty(1);
            var asked = socket.Receive(batch, 0);
            *(long*)batch.Payload(0) = Volatile.Read(ref _received);
            batch.TurnBack(asked);
            socket.Send(batch, asked);
        }
    }
}
