using System.CommandLine;
using System.Diagnostics;
using System.Net;

namespace L4Lb.DatagramLoad;

/// <summary>One request from each of many clients, of which some are under way at a time: the rate at which flows are set up.</summary>
internal static class Flows
{
    /// <summary>When nothing has come for so long, those under way are lost.</summary>
    private const int PatienceMs = 500;

    public static Command Build()
    {
        var command = new Command(
            "flows", "Ask once from each of many clients. Prints, with tabs between: flows/s, p50 ms, p99 ms, asked, answered, strange");
        var target = Options.EndPoint("--target", "Whom to ask");
        var count = Options.Count("--count", "Clients", 10_000, 1, 1_000_000);
        var sockets = Options.Count("--sockets", "Source ports among which they are spread", 64, 1, 1024);
        var outstanding = Options.Count("--outstanding", "Requests that wait for their answer at a time", 64, 1, 4096);
        var size = Options.Count("--size", "Bytes of a request", 64, Request.Bytes, 65507);
        command.Add(target);
        command.Add(count);
        command.Add(sockets);
        command.Add(outstanding);
        command.Add(size);
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(target), parsed.GetValue(count), parsed.GetValue(sockets), parsed.GetValue(outstanding),
            parsed.GetValue(size)));
        return command;
    }

    private static void Run(IPEndPoint target, int count, int sockets, int outstanding, int size)
    {
        using var clients = new Clients(target, count, sockets, size);
        var start = Stopwatch.GetTimestamp();
        var last = start;
        var asked = 0;
        var underWay = 0;
        while (asked < count || underWay > 0)
        {
            var now = Math.Min(outstanding - underWay, count - asked);
            asked += now;
            underWay += clients.Send(now);
            if (clients.Answers.Read(PatienceMs) is > 0 and var answered)
            {
                underWay = Math.Max(0, underWay - answered);
                last = Stopwatch.GetTimestamp();
            }
            else
            {
                underWay = 0;
            }
        }

        var answers = clients.Answers;
        var seconds = Math.Max(1, last - start) / 1e9;
        Console.WriteLine(
            $"{answers.Count / seconds:F0}\t{answers.Latency.PercentileMs(0.5):F3}\t{answers.Latency.PercentileMs(0.99):F3}\t"
            + $"{asked}\t{answers.Count}\t{answers.Strange}");
    }
}
