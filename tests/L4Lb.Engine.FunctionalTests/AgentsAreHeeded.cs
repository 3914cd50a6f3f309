using System.Net.Sockets;
using System.Text;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>A backend's agent sets its weight, takes it out and brings it back.</summary>
public sealed class AgentsAreHeeded : FunctionalTest
{
    private readonly HealthRecorder _health = new();
    private volatile string _answer = "up 100%\n";
    private volatile string _question = "";

    [Fact]
    public async Task What_the_agent_says_is_done()
    {
        var agent = LoopbackBackend.Serving(AnswerAsync);
        var (first, second) = (Own(LoopbackBackend.Named(1)), Own(LoopbackBackend.Named(2)));
        var service = Specs.Service(first, second) with
        {
            Scheduler = new SchedulerSpec("wrr"),
            Health = new HealthSpec
            {
                Agent = new AgentSpec { Port = agent.EndPoint.Port, Interval = TimeSpan.FromMilliseconds(50), Send = "state?\n" },
            },
        };
        var balancer = await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        BackendStatus Status() => balancer.GetServices()[0].Backends[0];
        await _health.WaitAsync(first, HealthState.Up);
        Assert.Equal("state?\n", _question);

        _answer = "25%\r\n";
        await Eventually.EqualsAsync(0.25, () => Status().EffectiveWeight, "the weight");
        _answer = "drain 100%\n";
        await Eventually.HoldsAsync(() => Status() is { EffectiveWeight: 0, Health.Drains: true }, () => $"{Status()}");
        _answer = "ready\n";
        await Eventually.HoldsAsync(() => Status() is { EffectiveWeight: 1, Health.Drains: false }, () => $"{Status()}");
        _answer = "MAINT";
        await Eventually.EqualsAsync(HealthState.Maintenance, () => Status().Health.State, "the state");
        _answer = "ready down # no \u001b disk\n";
        await Eventually.EqualsAsync("agent: down, no ? disk", () => Status().Health.Reason, "the reason");
        Assert.Equal((HealthState.Down, CheckCode.L7STS), (Status().Health.State, Status().Health.LastAgentCheck!.Code));

        // An agent that is gone changes nothing: whether the backend is there is for its checks to find out.
        _answer = "up\n";
        await Eventually.EqualsAsync(HealthState.Up, () => Status().Health.State, "the state");
        await agent.DisposeAsync();
        await Eventually.EqualsAsync(CheckCode.L4CON, () => Status().Health.LastAgentCheck!.Code, "the last question");
        Assert.Equal(HealthState.Up, Status().Health.State);
    }

    [Fact]
    public async Task It_bounds_the_sessions()
    {
        var agent = Own(LoopbackBackend.Serving(AnswerAsync));
        var backend = Own(LoopbackBackend.Echo());
        var service = Specs.Service(backend) with
        {
            Health = new HealthSpec { Agent = new AgentSpec { Port = agent.EndPoint.Port, Interval = TimeSpan.FromMilliseconds(50) } },
        };
        _answer = "up maxconn:1\n";
        await StartAsync(new LoadBalancerOptions { HealthLog = _health }, service);
        await _health.WaitAsync(backend, HealthState.Up);
        using var first = await TestConnection.ConnectAsync(service.Address);
        await first.ExchangeAsync(new byte[] { 1 });
        await UntilServedAsync(service, expected: false);
        Assert.Contains(Log.Records, record => record.Reason == CloseReason.LimitReached);

        _answer = "maxconn:0\n";
        await UntilServedAsync(service, expected: true);
    }

    private static async Task UntilServedAsync(ServiceSpec service, bool expected)
    {
        var deadline = DateTime.UtcNow + Eventually.Deadline;
        while (await IsServedAsync(service) != expected)
        {
            Assert.True(DateTime.UtcNow < deadline, expected ? "the bound stays" : "nobody is turned away");
        }
    }

    private static async Task<bool> IsServedAsync(ServiceSpec service)
    {
        try
        {
            using var client = await TestConnection.ConnectAsync(service.Address);
            await client.ExchangeAsync(new byte[] { 1 });
            return true;
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            return false;
        }
    }

    private async Task AnswerAsync(TestConnection connection)
    {
        var answer = _answer;
        if (answer.StartsWith("up 100%", StringComparison.Ordinal))
        {
            var buffer = new byte[64];
            _question = Encoding.ASCII.GetString(buffer, 0, await connection.ReceiveAsync(buffer));
        }

        await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
        connection.FinishSending();
    }
}
