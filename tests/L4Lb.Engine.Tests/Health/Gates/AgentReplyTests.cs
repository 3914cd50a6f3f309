using L4Lb.Engine.Health.Gates;

namespace L4Lb.Engine.Tests.Health.Gates;

public sealed class AgentReplyTests
{
    [Theory]
    [InlineData("75%", "weight 75")]
    [InlineData("0%", "weight 0")]
    [InlineData("150%", "weight 150")]
    [InlineData("up", "up")]
    [InlineData("UP", "up")]
    [InlineData("Down", "down")]
    [InlineData("down #database is away", "down, 'database is away'")]
    [InlineData("fail # no disk ", "fail, 'no disk'")]
    [InlineData("stopped", "stopped")]
    [InlineData("drain", "Drain")]
    [InlineData("MAINT", "Maintenance")]
    [InlineData("ready", "Ready")]
    [InlineData("maxconn:30", "max 30")]
    [InlineData("MaxConn:0", "max 0")]
    [InlineData("up ready 50% maxconn:20\r\n", "up, Ready, weight 50, max 20")]
    [InlineData("75%,drain\tup", "up, Drain, weight 75")]
    [InlineData("10% 20% up down", "down, weight 20")]
    [InlineData("", "")]
    [InlineData("# only words", "'only words'")]
    [InlineData("up #", "up")]
    [InlineData("hello up world", "up, unknown hello")]
    [InlineData("75", "unknown 75")]
    [InlineData("-5%", "unknown -5%")]
    [InlineData("7.5%", "unknown 7.5%")]
    [InlineData("%", "unknown %")]
    [InlineData("maxconn:", "unknown maxconn:")]
    [InlineData("maxconn:-1", "unknown maxconn:-1")]
    [InlineData("99999999999%", "unknown 99999999999%")]
    public void Words_mean_what_HAProxy_documents(string line, string expected) => Assert.Equal(expected, Describe(AgentReply.Parse(line)));

    [Fact]
    public void What_is_not_mentioned_stays_and_only_the_agent_takes_it_back()
    {
        var said = new[] { "drain 50%", "down #disk", "75%", "up maxconn:9", "ready 100%", "nonsense" };

        var states = said.Aggregate(
            new List<AgentState> { AgentState.Silent }, (all, line) => [.. all, all[^1].After(AgentReply.Parse(line))]);

        AgentState[] expected =
        [
            new(null, null, AgentOrder.Ready, 1, null),
            new(null, null, AgentOrder.Drain, 0.5, null),
            new(false, "down, disk", AgentOrder.Drain, 0.5, null),
            new(false, "down, disk", AgentOrder.Drain, 0.75, null),
            new(true, "up", AgentOrder.Drain, 0.75, 9),
            new(true, "up", AgentOrder.Ready, 1, 9),
            new(true, "up", AgentOrder.Ready, 1, 9),
        ];
        Assert.Equal(expected, states);
    }

    private static string Describe(AgentReply reply) => string.Join(", ", new[]
    {
        reply.Health,
        reply.Order?.ToString(),
        reply.WeightPercent is { } percent ? $"weight {percent}" : null,
        reply.MaxSessions is { } most ? $"max {most}" : null,
        reply.Description is { } words ? $"'{words}'" : null,
        reply.Unknown is { } unknown ? $"unknown {unknown}" : null,
    }.Where(part => part is not null));
}
