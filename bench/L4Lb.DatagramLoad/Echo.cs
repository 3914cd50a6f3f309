using System.CommandLine;

namespace L4Lb.DatagramLoad;

/// <summary>A backend that sends every datagram back, one thread that takes and gives them by the batch.</summary>
internal static class Echo
{
    private const int BatchCount = 64;
    private const int LongestDatagram = 65507;

    public static Command Build()
    {
        var command = new Command("echo", "Send every datagram back, until ended by a signal");
        var listen = Options.EndPoint("--listen", "Where to listen");
        command.Add(listen);
        command.SetAction(parsed =>
        {
            using var socket = new DatagramSocket(parsed.GetRequiredValue(listen));
            using var batch = new DatagramBatch(BatchCount, LongestDatagram);
            Serve(socket, batch);
        });
        return command;
    }

    private static void Serve(DatagramSocket socket, DatagramBatch batch)
    {
        batch.Empty(BatchCount);
        while (true)
        {
            var count = socket.Receive(batch, 0);
            batch.TurnBack(count);
            socket.Send(batch, count);
            batch.Empty(count);
        }
    }
}
