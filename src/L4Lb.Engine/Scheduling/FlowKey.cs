using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Scheduling;

/// <summary>What a scheduler may know of a new session or flow: who asks, and what was asked for.</summary>
/// <param name="Client">Source address and port of the client.</param>
/// <param name="Listen">Address and port that the client addressed.</param>
public readonly record struct FlowKey(AddressKey Client, AddressKey Listen);
