using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>What of a flow the hashing schedulers hash: their parameter <c>hash-on</c>.</summary>
internal static class HashKey
{
    internal const string Source = "source";
    internal const string SourcePort = "source-port";
    internal const string Destination = "destination";

    /// <summary>The parameter, as every hashing scheduler takes it.</summary>
    internal static SchedulerParameterDefinition Parameter { get; } = SchedulerParameterDefinition.Choice(
        "hash-on", "what is hashed: the client's address, its address and port, or the address that it addressed",
        Source, Source, SourcePort, Destination);

    /// <summary>What is hashed of <paramref name="flow"/>.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="hashOn">A value of the parameter.</param>
    internal static AddressKey Of(in FlowKey flow, string hashOn) => hashOn switch
    {
        SourcePort => flow.Client,
        Destination => flow.Listen,
        _ => flow.Client with { Port = 0 },
    };
}
