using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>Affinity in words: <c>ClientIP,timeout=3h,ipv4-prefix=24</c>.</summary>
public static class AffinityText
{
    internal static readonly ValueReader<int> IPv4Prefix = Values.Number(1, 32);
    internal static readonly ValueReader<int> IPv6Prefix = Values.Number(1, 128);
    internal static readonly ValueReader<int> MaxEntries = Values.Number(1, LimitText.MostEntries);

    internal static readonly ValueReader<AffinityWhenGone> WhenGone =
        Values.OneOf(("rebalance", AffinityWhenGone.Rebalance), ("wait", AffinityWhenGone.WaitForDrain));

    internal static readonly ValueReader<AffinityFirstPick> FirstPick =
        Values.OneOf(("scheduler", AffinityFirstPick.Scheduler), ("hash", AffinityFirstPick.ConsistentHash));

    private static readonly ValueReader<TimeSpan> s_timeout = Values.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));

    /// <summary>Reads the affinity of a service with one port.</summary>
    /// <param name="text"><c>None</c>, or <c>ClientIP</c> and parameters.</param>
    /// <param name="affinity">The affinity; null for none.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Parse(string text, out AffinitySpec? affinity)
    {
        var parts = EscapedText.Split(text, ',');
        var problem = Values.OneOf(("ClientIP", true), ("None", false))(parts[0], out var isWanted);
        var parameters = new ParameterReader(parts.Skip(1));
        var standard = new AffinitySpec();
        affinity = !isWanted ? null : new()
        {
            Timeout = parameters.Read("timeout", s_timeout, standard.Timeout),
            IPv4PrefixLength = parameters.Read("ipv4-prefix", IPv4Prefix, standard.IPv4PrefixLength),
            IPv6PrefixLength = parameters.Read("ipv6-prefix", IPv6Prefix, standard.IPv6PrefixLength),
            WhenGone = parameters.Read("when-gone", WhenGone, standard.WhenGone),
            FirstPick = parameters.Read("first-pick", FirstPick, standard.FirstPick),
            MaxEntries = parameters.Read("max-entries", MaxEntries, standard.MaxEntries),
        };
        return problem ?? parameters.End();
    }
}
