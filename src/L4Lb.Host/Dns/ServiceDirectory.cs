using L4Lb.Dns.Serving;
using L4Lb.Dns.Wire;
using L4Lb.Host.Running;
using L4Lb.K8s.Discovery;

namespace L4Lb.Host.Dns;

/// <summary>Answers for the names of the Services that are served, from the moment at which they are.</summary>
internal sealed class ServiceDirectory : IAsyncDisposable
{
    private readonly DnsSettings _settings;
    private readonly DnsServer _server;
    private readonly TimeProvider _time;
    private IReadOnlyList<DiscoveredService> _published = [];
    private uint _serial;

    private ServiceDirectory(DnsSettings settings, DnsServer server, TimeProvider time) =>
        (_settings, _server, _time) = (settings, server, time);

    /// <summary>The name that the names of all Services end with.</summary>
    public DnsName ClusterDomain => _settings.ClusterDomain;

    /// <summary>What happened so far, and where it listens.</summary>
    public DnsServer Server => _server;

    /// <summary>Begins to answer: for no Service yet.</summary>
    /// <exception cref="StartFailedException">The address cannot be had.</exception>
    public static async Task<ServiceDirectory> OpenAsync(DnsSettings settings, TimeProvider time)
    {
        try
        {
            var options = new DnsServerOptions(settings.Address)
            {
                Upstreams = settings.Upstreams,
                AnswersPerSecond = settings.AnswersPerSecond,
            };
            return new ServiceDirectory(settings, await DnsServer.OpenAsync(options), time);
        }
        catch (IOException e)
        {
            throw new StartFailedException($"--dns: {e.Message}", e);
        }
    }

    /// <summary>Puts the names of <paramref name="services"/> in force, if anything about them is new. One caller at a time.</summary>
    public void Publish(IReadOnlyList<DiscoveredService> services)
    {
        if (_serial > 0 && services.SequenceEqual(_published))
        {
            return;
        }

        _published = services;
        _serial = Math.Max((uint)_time.GetUtcNow().ToUnixTimeSeconds(), _serial + 1);
        _server.Zones = ServiceZones.Build(services, _settings, _serial);
    }

    /// <summary>Ends answering.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
