using System.Collections.Concurrent;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>
/// Schedulers that go by time or bytes are told what sessions meet, and what they have learned outlives a reload: each
/// test lets one backend serve alone, then adds another, and sees who is chosen.
/// </summary>
public sealed class SchedulersLearnFromSessions : FunctionalTest
{
    private const int Sessions = 30;

    // Time is relative here, and the machine may be busy: slow is far slower than anything else that happens.
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(400);

    [Theory]
    [InlineData("ewma", true)]
    [InlineData("ewma", false)]
    [InlineData("ewma,sample=first-byte,choices=all", true)]
    [InlineData("least-time", true)]
    [InlineData("least-time", false)]
    public async Task A_slow_answer_is_remembered(string scheduler, bool clientSpeaksFirst)
    {
        await using var slow = new PacedBackend(Own(LoopbackBackend.Manual()), clientSpeaksFirst) { Pace = s_slow };
        await using var fast = new PacedBackend(Own(LoopbackBackend.Manual()), clientSpeaksFirst);
        var service = Service(scheduler, slow.Backend);
        var balancer = await StartAsync(service);
        await VisitAsync(service, clientSpeaksFirst);

        await ApplyAsync(balancer, service.With(slow.Backend, fast.Backend));
        for (var i = 0; i < Sessions; i++)
        {
            await VisitAsync(service, clientSpeaksFirst);
        }

        Assert.Equal(Sessions, fast.Backend.Accepted);
    }

    [Fact]
    public async Task One_that_has_recovered_is_found_again()
    {
        await using var first = new PacedBackend(Own(LoopbackBackend.Manual()), clientSpeaksFirst: true) { Pace = s_slow };
        await using var second = new PacedBackend(Own(LoopbackBackend.Manual()), clientSpeaksFirst: true);
        var service = Service("ewma,decay=500ms", first.Backend);
        var balancer = await StartAsync(service);
        await VisitAsync(service, clientSpeaksFirst: true);
        await ApplyAsync(balancer, service.With(first.Backend, second.Backend));
        await VisitAsync(service, clientSpeaksFirst: true);
        Assert.Equal((1, 1), (first.Backend.Accepted, second.Backend.Accepted));

        first.Pace = TimeSpan.Zero;
        var started = Environment.TickCount64;
        while (first.Backend.Accepted < 10)
        {
            await VisitAsync(service, clientSpeaksFirst: true);
            Assert.True(Environment.TickCount64 - started < Eventually.Deadline.TotalMilliseconds, "nobody went there again");
        }
    }

    [Theory]
    [InlineData("ewma")]
    [InlineData("least-time")]
    public async Task One_that_never_answers_is_known_by_how_long_it_was_waited_for(string scheduler)
    {
        var (hangs, echo) = (Own(LoopbackBackend.Sink()), Own(LoopbackBackend.Echo()));
        var service = Service(scheduler, hangs);
        var balancer = await StartAsync(service);
        using (var client = await TestConnection.ConnectAsync(service.Address))
        {
            await client.SendAsync(new byte[1]);
            using var answer = new CancellationTokenSource(TimeSpan.FromMilliseconds(1200));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await client.Socket.ReceiveAsync(new byte[1], answer.Token));
        }

        await Log.WaitAsync(1);
        await ApplyAsync(balancer, service.With(hangs, echo));
        for (var i = 0; i < Sessions; i++)
        {
            await VisitAsync(service, clientSpeaksFirst: true);
        }

        Assert.Equal((1, Sessions), (hangs.Accepted, echo.Accepted));
    }

    [Theory]
    [InlineData("ewma,sample=connect")]
    [InlineData("least-time,sample=connect")]
    public async Task One_that_answers_no_syn_is_left_alone_after_the_first_timeout(string scheduler)
    {
        var (silent, echo) = (Own(await LoopbackBackend.SilentAsync()), Own(LoopbackBackend.Echo()));
        var service = Service(scheduler, silent, echo);
        await StartAsync(service);

        for (var i = 0; i < Sessions; i++)
        {
            await VisitAsync(service, clientSpeaksFirst: true);
        }

        var records = await Log.WaitAsync(Sessions);
        Assert.InRange(records.Sum(record => record.Attempts), Sessions, Sessions + 1);
    }

    [Theory]
    [InlineData(true, "least-bandwidth")]
    [InlineData(false, "least-bandwidth")]
    [InlineData(false, "least-bandwidth,choices=all")]
    public async Task Bytes_that_have_flown_are_remembered_and_those_that_flow_are_noticed(bool ends, string scheduler)
    {
        const int Bulk = 4 * 1024 * 1024;
        var (busy, idle) = (Own(LoopbackBackend.Echo()), Own(LoopbackBackend.Echo()));
        var service = Service(scheduler, busy);
        var balancer = await StartAsync(service);
        var client = await ConnectAsync(service);
        await Task.WhenAll(client.SendAsync(new byte[Bulk]), client.ReceiveExactlyAsync(Bulk));
        if (ends)
        {
            client.Dispose();
            await Log.WaitAsync(1);
        }

        await ApplyAsync(balancer, service.With(busy, idle));
        for (var i = 0; i < Sessions; i++)
        {
            await VisitAsync(service, clientSpeaksFirst: true);
        }

        Assert.Equal((1, Sessions), (busy.Accepted, idle.Accepted));
        client.Dispose();
    }

    private static ServiceSpec Service(string scheduler, params LoopbackBackend[] backends)
    {
        var parts = scheduler.Split(',');
        return Specs.Service(backends) with
        {
            Scheduler = new SchedulerSpec(
                parts[0], [.. parts[1..].Select(part => new SchedulerParameter(part.Split('=')[0], part.Split('=')[1]))]),
        };
    }

    /// <summary>One session: a byte each way. Returns once the balancer has closed it, so that it is no load any more.</summary>
    private async Task VisitAsync(ServiceSpec service, bool clientSpeaksFirst)
    {
        var closed = Log.Records.Count;
        using (var client = await TestConnection.ConnectAsync(service.Address))
        {
            if (clientSpeaksFirst)
            {
                await client.SendAsync(new byte[1]);
            }

            await client.ReceiveExactlyAsync(1);
        }

        await Eventually.HoldsAsync(() => Log.Records.Count > closed, () => "the session did not end");
    }

    /// <summary>Says one byte after a while: after the client's, or after the connection.</summary>
    private sealed class PacedBackend : IAsyncDisposable
    {
        private readonly ConcurrentBag<Task> _served = [];
        private readonly CancellationTokenSource _closing = new();
        private readonly bool _clientSpeaksFirst;
        private readonly Task _serving;
        private long _paceTicks;

        public PacedBackend(LoopbackBackend backend, bool clientSpeaksFirst)
        {
            (Backend, _clientSpeaksFirst) = (backend, clientSpeaksFirst);
            _serving = ServeAllAsync();
        }

        public LoopbackBackend Backend { get; }

        public TimeSpan Pace
        {
            get => TimeSpan.FromTicks(Interlocked.Read(ref _paceTicks));
            set => Interlocked.Exchange(ref _paceTicks, value.Ticks);
        }

        public async ValueTask DisposeAsync()
        {
            await _closing.CancelAsync();
            await _serving;
            await Task.WhenAll(_served);
            _closing.Dispose();
        }

        private async Task ServeAllAsync()
        {
            while (!_closing.IsCancellationRequested)
            {
                try
                {
                    _served.Add(ServeAsync(await Backend.AcceptAsync(_closing.Token)));
                }
                catch (OperationCanceledException)
                {
                    // Asked to stop, or nobody came for a while.
                }
            }
        }

        private async Task ServeAsync(TestConnection connection)
        {
            using (connection)
            {
                if (_clientSpeaksFirst)
                {
                    await connection.ReceiveExactlyAsync(1);
                }

                await Task.Delay(Pace);
                await connection.SendAsync(new byte[1]);
                await connection.ReceiveToEndAsync();
            }
        }
    }
}
