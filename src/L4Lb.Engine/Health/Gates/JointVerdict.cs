namespace L4Lb.Engine.Health.Gates;

/// <summary>
/// One state from what the checks, the agent and the sessions say: the agent's maintenance before everything, then
/// whoever says down, then an ejection; up needs one voice and no contradiction. Pure.
/// </summary>
internal static class JointVerdict
{
    /// <param name="probed">What the checks say, and why.</param>
    /// <param name="agent">What the agent said.</param>
    /// <param name="ejection">Why it is ejected; null when it is not.</param>
    internal static (HealthState State, string? Reason) Of(
        (HealthState State, string? Reason) probed, AgentState agent, string? ejection) => (probed, agent, ejection) switch
        {
            (_, { Order: AgentOrder.Maintenance }, _) => (HealthState.Maintenance, "agent: maint"),
            ({ State: HealthState.Down }, _, _) => probed,
            (_, { IsUp: false }, _) => (HealthState.Down, $"agent: {agent.Words}"),
            (_, _, not null) => (HealthState.Ejected, ejection),
            ({ State: HealthState.Up }, _, _) => probed,
            (_, { IsUp: true }, _) => (HealthState.Up, $"agent: {agent.Words}"),
            _ => (HealthState.Unchecked, null),
        };
}
