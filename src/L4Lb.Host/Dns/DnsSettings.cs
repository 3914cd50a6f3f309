using System.Net;
using L4Lb.Dns.Wire;

namespace L4Lb.Host.Dns;

/// <summary>How Services are to be found by name.</summary>
/// <param name="Address">Where DNS is answered, by UDP and TCP.</param>
internal sealed record DnsSettings(IPEndPoint Address)
{
    /// <summary>The name that clusters have unless they are told otherwise.</summary>
    public const string DefaultClusterDomain = "cluster.local";

    /// <summary>Full answers a second by UDP for one client.</summary>
    public const int DefaultAnswersPerSecond = 2000;

    /// <summary>The name that the names of all Services end with.</summary>
    public DnsName ClusterDomain { get; init; } = DnsName.Parse(DefaultClusterDomain);

    /// <summary>The name under which load balancer addresses are found from outside; null for none.</summary>
    public DnsName? ExternalZone { get; init; }

    /// <summary>Whom to ask for other names; nobody refuses them.</summary>
    public IReadOnlyList<IPEndPoint> Upstreams { get; init; } = [];

    /// <summary>Full answers a second by UDP for one client; 0 for no bound.</summary>
    public int AnswersPerSecond { get; init; } = DefaultAnswersPerSecond;

    /// <summary>Ranges of ClusterIPs, for whose addresses nobody else has names.</summary>
    public IReadOnlyList<IPNetwork> ServiceCidrs { get; init; } = [];
}
