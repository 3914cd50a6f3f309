namespace L4Lb.Engine.FunctionalTests;

/// <summary>Silence in both directions ends a session; a byte in either keeps it.</summary>
public sealed class IdleTimeoutIsForBothDirections : FunctionalTest
{
    [Fact]
    public async Task A_silent_session_is_closed_in_order()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend).WithTimeouts(timeouts => timeouts with { Idle = TimeSpan.FromMilliseconds(300) });
        await StartAsync(service);
        var client = await ConnectAsync(service);
        var server = Own(await backend.AcceptAsync());

        Assert.Equal((0, StreamEnd.Fin), await client.ReceiveToEndAsync());
        Assert.Equal((0, StreamEnd.Fin), await server.ReceiveToEndAsync());
        var record = await Log.SingleAsync();
        Assert.Equal(CloseReason.IdleTimeout, record.Reason);
        HasWaited(300, record.TotalTime);
    }

    [Fact]
    public async Task One_direction_in_use_keeps_both()
    {
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend).WithTimeouts(timeouts => timeouts with { Idle = TimeSpan.FromSeconds(1) });
        await StartAsync(service);
        var client = await ConnectAsync(service);
        var server = Own(await backend.AcceptAsync());

        // Three times the timeout, a byte at least every tenth of it.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 30; i++)
        {
            await server.SendAsync(new[] { (byte)i });
            Assert.Equal([(byte)i], await client.ReceiveExactlyAsync(1));
            await timer.WaitForNextTickAsync();
        }

        Assert.Empty(Log.Records);
        Assert.Equal((0, StreamEnd.Fin), await client.ReceiveToEndAsync());
        Assert.Equal(CloseReason.IdleTimeout, (await Log.SingleAsync()).Reason);
    }

    /// <summary>A client that reads nothing is as silent as one that is gone, and half an answer is not a whole one.</summary>
    [Fact]
    public async Task A_stalled_session_is_reset()
    {
        var payload = new Payload(seed: 6);
        var backend = Own(LoopbackBackend.Manual());
        var service = Specs.Service(backend).WithTimeouts(timeouts => timeouts with { Idle = TimeSpan.FromSeconds(1) });
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service, receiveBuffer: 4096);
        var server = Own(await backend.AcceptAsync());
        await Stall.FillAsync(server, payload, balancer);

        Assert.Equal(CloseReason.IdleTimeout, (await Log.SingleAsync()).Reason);
        Assert.Equal(StreamEnd.Reset, (await client.ReceiveToEndAsync(payload)).End);
    }
}
