using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health;

/// <summary>What is new about a backend's health.</summary>
/// <param name="Service">The service port that it serves.</param>
/// <param name="Backend">Its address and port.</param>
/// <param name="From">What it was.</param>
/// <param name="To">What it is.</param>
/// <param name="Drains">Its agent asks for no new sessions.</param>
/// <param name="Reason">Why, in words; null when there is nothing to say.</param>
/// <param name="AtUtc">When.</param>
public readonly record struct HealthChange(
    ServiceKey Service, AddressKey Backend, HealthState From, HealthState To, bool Drains, string? Reason, DateTime AtUtc);

/// <summary>Is told when the health of backends changes.</summary>
public interface IHealthLog
{
    /// <summary>Called for one change at a time, in their order: must neither block nor throw.</summary>
    void Changed(in HealthChange change);
}
