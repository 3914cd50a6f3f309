using System.CommandLine;
using System.Diagnostics;
using System.Net;
using L4Lb.DatagramLoad.Interop;

namespace L4Lb.DatagramLoad;

/// <summary>One-way streams at a rate, each from a socket of its own; what arrived is asked of the sink.</summary>
internal static class Streams
{
    private const int BatchCount = 64;
    private const int LongestSend = 65507;

    /// <summary>How often the sink is asked whether still more arrives.</summary>
    private const int SettleMs = 100;

    public static Command Build()
    {
        var command = new Command(
            "stream", "Send streams of datagrams at a rate. Prints, with tabs between: sent/s, arrived/s, sent, arrived");
        var target = Options.EndPoint("--target", "Where to send");
        var count = Options.EndPoint("--count", "Where the sink says its count");
        var rate = Options.Rate();
        var seconds = Options.Seconds();
        var clients = Options.Count("--clients", "Sockets that send in turn", 4, 1, 1024);
        var size = Options.Count("--size", "Bytes of a datagram", 1200, 1, LongestSend);
        var segments = Options.Count("--segments", "Datagrams that the kernel makes of one send, with UDP_SEGMENT", 1, 1, 64);
        command.Add(target);
        command.Add(count);
        command.Add(rate);
        command.Add(seconds);
        command.Add(clients);
        command.Add(size);
        command.Add(segments);
        command.SetAction(parsed =>
        {
            var (bytes, each) = (parsed.GetValue(size), parsed.GetValue(segments));
            if (bytes * each > LongestSend)
            {
                Console.Error.WriteLine($"datagram-load: {each} datagrams of {bytes} bytes are more than the {LongestSend} of one send");
                return 2;
            }

            Run(
                parsed.GetRequiredValue(target), parsed.GetRequiredValue(count), parsed.GetValue(rate), parsed.GetValue(seconds),
                parsed.GetValue(clients), bytes, each);
            return 0;
        });
        return command;
    }

    private static void Run(
        IPEndPoint target, IPEndPoint sink, int rate, TimeSpan duration, int clients, int size, int segments)
    {
        var sockets = new DatagramSocket[clients];
        for (var i = 0; i < clients; i++)
        {
            sockets[i] = new DatagramSocket(new IPEndPoint(IPAddress.Loopback, 0));
            sockets[i].Connect(target);
            if (segments > 1)
            {
                sockets[i].SetOption(Constants.SOL_UDP, Constants.UDP_SEGMENT, size, "UDP_SEGMENT");
            }
        }

        using var batch = new DatagramBatch(BatchCount, size * segments);
        Send(sockets, batch, new Pace(rate, segments), Ask.WarmUp, segments);
        Settle(sink, 0);
        var before = Sink.Ask(sink);
        var start = Stopwatch.GetTimestamp();
        var sent = Send(sockets, batch, new Pace(rate, segments), duration, segments);
        var arrivedInTime = Sink.Ask(sink) - before;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var arrived = Settle(sink, before);
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        Console.WriteLine($"{sent / seconds:F0}\t{arrivedInTime / seconds:F0}\t{sent}\t{arrived}");
    }

    private static long Send(DatagramSocket[] sockets, DatagramBatch batch, Pace pace, TimeSpan duration, int segments)
    {
        var end = Stopwatch.GetTimestamp() + (duration.Ticks * 100);
        long sent = 0;
        var next = 0;
        while (pace.Wait(end) is > 0 and var due)
        {
            var messages = due / segments;
            var each = Math.Clamp((messages + sockets.Length - 1) / sockets.Length, 1, BatchCount);
            for (; messages > 0; messages -= each)
            {
                sent += (long)sockets[next].Send(batch, Math.Min(each, messages)) * segments;
                next = (next + 1) % sockets.Length;
            }
        }

        return sent;
    }

    private static long Settle(IPEndPoint sink, long before)
    {
        var arrived = Sink.Ask(sink) - before;
        long last;
        do
        {
            last = arrived;
            Thread.Sleep(SettleMs);
            arrived = Sink.Ask(sink) - before;
        }
        while (arrived != last);
        return arrived;
    }
}
