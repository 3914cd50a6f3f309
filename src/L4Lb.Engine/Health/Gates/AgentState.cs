namespace L4Lb.Engine.Health.Gates;

/// <summary>
/// What an agent has said so far: what a reply does not mention stays, and only the agent takes back what it said
/// (HAProxy's rule). Immutable.
/// </summary>
/// <param name="IsUp">Its word on health; null while it had none.</param>
/// <param name="Words">That word and the description that came with it.</param>
/// <param name="Order">Its word on the administrator's state.</param>
/// <param name="Weight">Share of the weight, 1 for all.</param>
/// <param name="MaxSessions">Most sessions; null for what was configured.</param>
internal sealed record AgentState(bool? IsUp, string? Words, AgentOrder Order, double Weight, int? MaxSessions)
{
    /// <summary>It has not said anything.</summary>
    internal static AgentState Silent { get; } = new(null, null, AgentOrder.Ready, 1, null);

    /// <summary>The state after one reply more.</summary>
    internal AgentState After(AgentReply reply) => this with
    {
        IsUp = reply.IsUp ?? IsUp,
        Words = reply.Health is null ? Words : reply.Description is null ? reply.Health : $"{reply.Health}, {reply.Description}",
        Order = reply.Order ?? Order,
        Weight = reply.WeightPercent is { } percent ? percent / 100.0 : Weight,
        MaxSessions = reply.MaxSessions ?? MaxSessions,
    };
}
