namespace L4Lb.Host.ProxyHealth;

/// <summary>What others want to know about this node's proxy. Read from any thread.</summary>
internal interface IProxyHealth
{
    /// <summary>When everything that was known was last in force; null before the first time.</summary>
    DateTimeOffset? LastSync { get; }

    /// <summary>Whether a change waits to be put in force for longer than it should.</summary>
    bool IsSyncOverdue { get; }

    /// <summary>
    /// Whether this node may get traffic from outside: it is not being deleted, nor about to be removed by the autoscaler.
    /// </summary>
    bool IsNodeEligible { get; }
}
