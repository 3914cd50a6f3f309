using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>Thousands of connections that end in every way there is, and what is left of them in the program: nothing.</summary>
public sealed class LeakTests : IDisposable
{
    private const int Connections = 5000;
    private const int AtOnce = 100;
    private const int Seed = 5;
    private const int BulkBytes = 4 * 1024 * 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly IPEndPoint _service = new(IPAddress.Loopback, Loopback.FreePort());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Five_thousand_connections_that_end_at_random_leave_nothing_behind()
    {
        await using var backend = new TcpBackend(ServeAsync);
        await using var l4lb = await L4LbProcess.StartAsync(
            "--listen", $"tcp://{_service}", "--backend", $"{backend.EndPoint}", "--access-log", _folder.File("access.log"));

        await RunAsync(AtOnce * 2); // What a process opens once and keeps is no leak.
        await Eventually.HoldsAsync("the first sessions are over", () => Sessions(l4lb) == 0);
        var before = WithoutPipes(l4lb);

        await RunAsync(Connections);

        await Eventually.HoldsAsync("every session is over", () => Sessions(l4lb) == 0);
        await Eventually.EqualsAsync(before, () => WithoutPipes(l4lb));
        await Eventually.EqualsAsync(Connections + (AtOnce * 2), () => File.ReadAllLines(_folder.File("access.log")).Length);

        // Pipes are kept for the next bulk: at most one per direction of those that were open at once.
        Assert.InRange(l4lb.CountPipes(), 0, 2 * 2 * (AtOnce + 10));

        var records = File.ReadLines(_folder.File("access.log")).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(records.Count, records.Select(r => (long)r["id"]!).Distinct().Count());
        var reasons = records.CountBy(r => (string)r["reason"]!).ToDictionary();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", reasons.Select(r => $"{r.Key} {r.Value}")));
        Assert.Empty(reasons.Keys.Except(["completed", "client_reset", "backend_reset", "client_gone"]));
        await l4lb.StopAsync();
    }

    private static int WithoutPipes(L4LbProcess l4lb) => l4lb.Descriptors().Count - l4lb.CountPipes();

    /// <summary>The first byte says what the backend is to do.</summary>
    private static async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        var first = new byte[1];
        if (await socket.ReceiveAsync(first, stop) == 0)
        {
            return;
        }

        switch (first[0] % 4)
        {
            case 0: // Answers, then waits for the client's end.
                await socket.SendAsync(first, stop);
                await Pattern.ReceiveToEndAsync(socket, stop);
                break;
            case 1: // Bulk.
                await Pattern.SendAsync(socket, BulkBytes, stop);
                break;
            case 2: // Resets.
                socket.LingerState = new LingerOption(enable: true, 0);
                break;
            default: // Finishes first, and still listens.
                socket.Shutdown(SocketShutdown.Send);
                await Pattern.ReceiveToEndAsync(socket, stop);
                break;
        }
    }

    /// <summary>Sockets of the program that belong to connections: none of them may be left in any state but TIME_WAIT.</summary>
    private int Sessions(L4LbProcess l4lb) => TcpTable.Read(l4lb.Id).Count(s =>
        s.State is not (TcpState.Listen or TcpState.TimeWait) && (s.LocalPort == _service.Port || s.RemotePort == _service.Port));

    private Task RunAsync(int connections) => Parallel.ForEachAsync(
        Enumerable.Range(0, connections),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
        async (i, stop) => await ConnectAndLeaveAsync(new Random(Seed + (connections * i)), stop));

    private async Task ConnectAndLeaveAsync(Random dice, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Eventually.Deadline);
        if (dice.Next(2) == 0)
        {
            socket.LingerState = new LingerOption(enable: true, 0); // Closing resets.
        }

        try
        {
            await socket.ConnectAsync(_service, deadline.Token);
            if (dice.Next(10) == 0)
            {
                return; // Without a word.
            }

            await socket.SendAsync(new[] { (byte)dice.Next(4) }, deadline.Token);
            switch (dice.Next(4))
            {
                case 0: // Leaves in the middle.
                    await socket.ReceiveAsync(new byte[dice.Next(1, 100_000)], deadline.Token);
                    break;
                case 1: // Finishes sending, then takes everything.
                    socket.Shutdown(SocketShutdown.Send);
                    await Pattern.ReceiveToEndAsync(socket, deadline.Token);
                    break;
                case 2: // Goes on sending whoever listens.
                    await Pattern.SendAsync(socket, dice.Next(200_000), deadline.Token);
                    break;
                default: // Leaves at once.
                    break;
            }
        }
        catch (SocketException)
        {
            // The backend's reset, passed on.
        }
    }
}
