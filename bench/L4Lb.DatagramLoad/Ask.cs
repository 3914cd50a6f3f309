using System.CommandLine;
using System.Diagnostics;
using System.Net;

namespace L4Lb.DatagramLoad;

/// <summary>Requests at a rate, in an open loop: the next is sent whether or not the last was answered.</summary>
internal static class Ask
{
    /// <summary>How long to go on reading what was sent in time.</summary>
    private const int DrainMs = 200;

    /// <summary>Compiles what is then timed.</summary>
    internal static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(20);

    public static Command Build()
    {
        var command = new Command(
            "ask", "Send requests at a rate. Prints, with tabs between: sent/s, answers/s, p50 ms, p99 ms, sent, answered, strange");
        var target = Options.EndPoint("--target", "Whom to ask");
        var rate = Options.Rate();
        var seconds = Options.Seconds();
        var clients = Options.Count("--clients", "Source addresses and ports that ask in turn", 64, 1, 1_000_000);
        var sockets = Options.Count("--sockets", "Source ports among which they are spread", 64, 1, 1024);
        var size = Options.Count("--size", "Bytes of a request", 64, Request.Bytes, 65507);
        command.Add(target);
        command.Add(rate);
        command.Add(seconds);
        command.Add(clients);
        command.Add(sockets);
        command.Add(size);
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(target), parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(clients),
            parsed.GetValue(sockets), parsed.GetValue(size)));
        return command;
    }

    private static void Run(IPEndPoint target, int rate, TimeSpan duration, int count, int sockets, int size)
    {
        using var clients = new Clients(target, count, sockets, size);
        using var stop = new CancellationTokenSource();
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                clients.Answers.Read(DrainMs / 4);
            }
        });
        reader.Start();

        var sentBefore = Send(clients, rate, WarmUp);
        var answeredBefore = clients.Answers.Count;
        var start = Stopwatch.GetTimestamp();
        var sentInTime = Send(clients, rate, duration);
        var answeredInTime = clients.Answers.Count - answeredBefore;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Thread.Sleep(DrainMs);
        stop.Cancel();
        reader.Join();

        var answers = clients.Answers;
        Console.WriteLine(
            $"{sentInTime / seconds:F0}\t{answeredInTime / seconds:F0}\t{answers.Latency.PercentileMs(0.5):F3}\t"
            + $"{answers.Latency.PercentileMs(0.99):F3}\t{sentBefore + sentInTime}\t{answers.Count}\t{answers.Strange}");
    }

    private static long Send(Clients clients, int rate, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (duration.Ticks * 100);
        var pace = new Pace(rate);
        long sent = 0;
        while (pace.Wait(end) is > 0 and var due)
        {
            sent += clients.Send(due);
        }

        return sent;
    }
}
