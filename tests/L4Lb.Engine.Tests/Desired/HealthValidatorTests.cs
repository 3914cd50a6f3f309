using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Desired;

public sealed class HealthValidatorTests
{
    [Fact]
    public void Texts_are_bytes_and_a_datagram_has_an_end()
    {
        var probe = new ProbeSpec { Kind = ProbeKind.Udp, Send = "\u00ff", Expect = new string('x', 65507) };
        var agent = new AgentSpec { Port = 1, Send = "weight?\n\u00ff" };
        Assert.Empty(HealthValidator.Problems(new HealthSpec { Probe = probe, Agent = agent }));

        var health = new HealthSpec
        {
            Probe = probe with { Send = "\u0100", Expect = new string('x', 65508) },
            Agent = agent with { Send = "☃" },
        };

        Assert.Equal(["health.probe.send", "health.probe.expect", "health.agent.send"], FieldsOf(health));
    }

    [Fact]
    public void Timeouts_are_at_most_an_hour()
    {
        var health = new HealthSpec
        {
            Probe = new ProbeSpec { Kind = ProbeKind.Tcp, Timeout = TimeSpan.FromMinutes(61) },
            Agent = new AgentSpec { Port = 1, Timeout = TimeSpan.FromMinutes(61) },
        };

        Assert.Equal(["health.probe.timeout", "health.agent.interval"], FieldsOf(health));
        Assert.Empty(HealthValidator.Problems(new HealthSpec
        {
            Probe = health.Probe with { Timeout = TimeSpan.FromHours(1) },
            Agent = health.Agent with { Timeout = TimeSpan.FromHours(1) },
        }));
    }

    private static IEnumerable<string> FieldsOf(HealthSpec health) => HealthValidator.Problems(health).Select(problem => problem.Field);
}
