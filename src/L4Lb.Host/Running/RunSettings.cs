using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Dns;
using L4Lb.Host.Logging;
using L4Lb.Host.Telemetry;
using L4Lb.K8s.Reading;
using L4Lb.K8s.Standalone;

namespace L4Lb.Host.Running;

/// <summary>Everything that <c>l4lb run</c> was told.</summary>
internal sealed record RunSettings
{
    /// <summary>The files to serve from; no paths when <see cref="Direct"/> is given.</summary>
    public ManifestSourceOptions Manifests { get; init; } = new([]);

    /// <summary>The service given on the command line, or null.</summary>
    public DesiredState? Direct { get; init; }

    /// <summary>The cluster to serve, or null.</summary>
    public ClusterSettings? Cluster { get; init; }

    /// <summary>Whether a changed file reloads.</summary>
    public bool Watch { get; init; }

    /// <summary>What the standalone control plane is told.</summary>
    public StandaloneOptions Standalone { get; init; } = new();

    /// <summary>How Services are found by name; null when they are not.</summary>
    public DnsSettings? Dns { get; init; }

    /// <summary>The admin API.</summary>
    public AdminSettings Admin { get; init; } = new(AdminAddress.Default);

    /// <summary>How many time series there may be.</summary>
    public MetricsSettings Metrics { get; init; } = new();

    /// <summary>Threads that forward.</summary>
    public int Shards { get; init; } = Environment.ProcessorCount;

    /// <summary>Most UDP flows; 0 for as many as descriptors allow.</summary>
    public int MaxFlows { get; init; }

    /// <summary>Whether datagrams of one size in a row cross the kernel as one.</summary>
    public bool UdpOffload { get; init; } = true;

    /// <summary>Where the services' addresses are to be.</summary>
    public AddressSettings Addresses { get; init; } = new();

    /// <summary>Time that open sessions have at the end.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeoutSpec.Default.Drain;

    /// <summary>The access log; null for none.</summary>
    public AccessLogSettings? AccessLog { get; init; }

    /// <summary>The log.</summary>
    public LogSettings Log { get; init; } = new();
}
