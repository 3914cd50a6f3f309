using System.Net;
using System.Text.Json.Nodes;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>One UDP Service of the real program, with an access log, in front of endpoints that the test brings.</summary>
internal sealed class UdpSite : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (string Name, string Value)[] _annotations;
    private L4LbProcess? _l4lb;

    private UdpSite(IPAddress address, (string Name, string Value)[] annotations)
    {
        Service = new IPEndPoint(address, Loopback.FreePort());
        _annotations = annotations;
    }

    public IPEndPoint Service { get; }

    public L4LbProcess L4Lb => _l4lb!;

    public static Task<UdpSite> StartAsync(IEnumerable<IPEndPoint> endPoints, params (string Name, string Value)[] annotations) =>
        StartAsync(IPAddress.Loopback, [], endPoints, [], annotations);

    /// <summary>Starts it.</summary>
    /// <param name="address">Where it serves.</param>
    /// <param name="wrapper">By way of what it is started.</param>
    /// <param name="endPoints">The endpoints of the Service, all with one port.</param>
    /// <param name="options">More options of <c>l4lb run</c>.</param>
    /// <param name="annotations">Annotations of the Service.</param>
    public static async Task<UdpSite> StartAsync(
        IPAddress address,
        IEnumerable<string> wrapper,
        IEnumerable<IPEndPoint> endPoints,
        IEnumerable<string> options,
        params (string Name, string Value)[] annotations)
    {
        var site = new UdpSite(address, annotations);
        try
        {
            site._l4lb = await L4LbProcess.StartAsync(
                wrapper,
                [
                    "-f", site.Write(endPoints), "--serve", "ExternalIPs", "--service-cidr", "10.96.0.0/16,fd00:96::/112",
                    "--access-log", site._folder.File("access.log"), .. options,
                ]);
            return site;
        }
        catch
        {
            await site.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    /// <summary>Gives the Service other endpoints; does not tell the program.</summary>
    public string Write(params IEnumerable<IPEndPoint> endPoints)
    {
        IPEndPoint[] all = [.. endPoints];
        var service = Manifest.UdpService("dns", Service, _annotations);
        return _folder.Write("dns.yaml", all.Length == 0 ? service : Manifest.Of(service, Manifest.UdpSlice("dns", Service.Port, all)));
    }

    /// <summary>Gives the Service other endpoints by SIGHUP, and waits until they are in force.</summary>
    public Task ReloadAsync(params IEnumerable<IPEndPoint> endPoints)
    {
        Write(endPoints);
        return L4Lb.ReloadAsync();
    }

    /// <summary>Flows that are open now.</summary>
    public async Task<int> ActiveAsync() => (await L4Lb.AdminJsonAsync("/api/v1/services"))["items"]!.AsArray().Sum(s => (int)s!["active"]!);

    /// <summary>Waits until no new flow goes to a backend: a little later than the log says why.</summary>
    public Task TakenOutAsync(IPEndPoint backend) => Eventually.HoldsAsync($"nothing new goes to {backend}", async () =>
        (await L4Lb.AdminJsonAsync("/api/v1/backends"))["items"]!.AsArray()
            .Any(b => (string?)b!["address"] == $"{backend}" && (double)b["effectiveWeight"]! == 0));

    /// <summary>The access log so far, or once it has so many lines.</summary>
    public async Task<IReadOnlyList<JsonNode>> AccessLogAsync(int lines = 0, TimeSpan? patience = null)
    {
        string[] Lines() => File.Exists(_folder.File("access.log")) ? File.ReadAllLines(_folder.File("access.log")) : [];
        await Eventually.EqualsAsync(lines, () => Math.Min(lines, Lines().Length), deadline: patience);
        return [.. Lines().Select(line => JsonNode.Parse(line)!)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_l4lb is not null)
        {
            await _l4lb.DisposeAsync();
        }

        _folder.Dispose();
    }
}
