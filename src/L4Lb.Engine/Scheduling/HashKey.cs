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

    /// <summary>The parameter's value, as picks need it.</summary>
    internal static HashOn Read(SchedulerParameters parameters) => parameters.Text(Parameter.Name) switch
    {
        SourcePort => HashOn.SourcePort,
        Destination => HashOn.Destination,
        _ => HashOn.Source,
    };

    /// <summary>What is hashed of <paramref name="flow"/>.</summary>
    internal static AddressKey Of(in FlowKey flow, HashOn hashOn) => hashOn switch
    {
        HashOn.SourcePort => flow.Client,
        HashOn.Destination => flow.Listen,
        _ => flow.Client with { Port = 0 },
    };
}

/// <summary>A value of <see cref="HashKey.Parameter"/>.</summary>
internal enum HashOn
{
    /// <summary>The client's address.</summary>
    Source,

    /// <summary>The client's address and port.</summary>
    SourcePort,

    /// <summary>The address and port that the client addressed.</summary>
    Destination,
}
