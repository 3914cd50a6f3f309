using L4Lb.Engine.Health.Gates;

namespace L4Lb.Engine.Tests.Health.Gates;

public sealed class JointVerdictTests
{
    [Theory]
    [InlineData(HealthState.Unchecked, "", false, HealthState.Unchecked, null)]
    [InlineData(HealthState.Up, "", false, HealthState.Up, "probed")]
    [InlineData(HealthState.Down, "", false, HealthState.Down, "probed")]
    [InlineData(HealthState.Unchecked, "up", false, HealthState.Up, "agent: up")]
    [InlineData(HealthState.Up, "up", false, HealthState.Up, "probed")]
    [InlineData(HealthState.Down, "up", false, HealthState.Down, "probed")]
    [InlineData(HealthState.Up, "down #why", false, HealthState.Down, "agent: down, why")]
    [InlineData(HealthState.Unchecked, "stopped", false, HealthState.Down, "agent: stopped")]
    [InlineData(HealthState.Up, "maint", false, HealthState.Maintenance, "agent: maint")]
    [InlineData(HealthState.Down, "maint down", true, HealthState.Maintenance, "agent: maint")]
    [InlineData(HealthState.Up, "drain", false, HealthState.Up, "probed")]
    [InlineData(HealthState.Unchecked, "", true, HealthState.Ejected, "ejected")]
    [InlineData(HealthState.Up, "up", true, HealthState.Ejected, "ejected")]
    [InlineData(HealthState.Down, "", true, HealthState.Down, "probed")]
    [InlineData(HealthState.Up, "fail", true, HealthState.Down, "agent: fail")]
    public void The_gravest_voice_decides(HealthState probed, string agent, bool isEjected, HealthState expected, string? reason)
    {
        var said = AgentState.Silent.After(AgentReply.Parse(agent));

        Assert.Equal((expected, reason), JointVerdict.Of((probed, "probed"), said, isEjected ? "ejected" : null));
    }
}
