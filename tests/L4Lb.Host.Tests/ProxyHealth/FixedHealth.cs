using L4Lb.Host.ProxyHealth;

namespace L4Lb.Host.Tests.ProxyHealth;

/// <summary>Health as a test says.</summary>
internal sealed class FixedHealth : IProxyHealth
{
    public DateTimeOffset? LastSync { get; set; }

    public bool IsSyncOverdue { get; set; }

    public bool IsNodeEligible { get; set; } = true;
}
