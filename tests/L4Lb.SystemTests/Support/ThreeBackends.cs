using System.Net;
using System.Text.Json.Nodes;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>Three nginx of their own behind one Service of the real program, with an access log.</summary>
internal sealed class ThreeBackends : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Nginx> _backends = [];
    private readonly IPEndPoint[] _endPoints;
    private L4LbProcess? _l4lb;

    private ThreeBackends()
    {
        var port = Loopback.FreePort();
        _endPoints = [.. Enumerable.Range(11, 3).Select(i => new IPEndPoint(IPAddress.Parse($"127.0.0.{i}"), port))];
    }

    public IPEndPoint Service { get; } = new(IPAddress.Loopback, Loopback.FreePort());

    public IReadOnlyList<Nginx> Backends => _backends;

    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

    public L4LbProcess L4Lb => _l4lb!;

    public static Task<ThreeBackends> StartAsync(params (string Name, string Value)[] annotations) => StartAsync([], annotations);

    /// <summary>Starts it with options of the program beside.</summary>
    public static async Task<ThreeBackends> StartAsync(IEnumerable<string> options, params (string Name, string Value)[] annotations)
    {
        Requirements.Nginx();
        var started = new ThreeBackends();
        try
        {
            foreach (var endPoint in started._endPoints)
            {
                var nginx = await Nginx.StartAsync(endPoint);
                started._backends.Add(nginx);
                nginx.SetHealthy(true);
            }

            started._l4lb = await L4LbProcess.StartAsync(
            [
                "-f", started.WriteManifest(annotations), "--watch", "--serve", "ExternalIPs", "--access-log", started._folder.File("access.log"),
                .. options,
            ]);
            return started;
        }
        catch
        {
            await started.DisposeAsync(); // The caller never gets it.
            throw;
        }
    }

    /// <summary>Writes the manifest anew; the program watches it.</summary>
    public string WriteManifest(params (string Name, string Value)[] annotations) => _folder.Write(
        "web.yaml", Manifest.Of(Manifest.Service("web", Service, annotations), Manifest.Slice("web", Service.Port, _endPoints)));

    /// <summary>One request on a connection of its own; returns the address that answered.</summary>
    public Task<string> AskAsync() => Http.GetAsync(Service);

    public async Task<IReadOnlyList<string>> AskAsync(int times)
    {
        var answers = new List<string>(times);
        for (var i = 0; i < times; i++)
        {
            answers.Add(await AskAsync());
        }

        return answers;
    }

    /// <summary>The access log, once it has so many lines.</summary>
    public async Task<IReadOnlyList<JsonNode>> AccessLogAsync(int lines)
    {
        string[] Lines() => File.Exists(_folder.File("access.log")) ? File.ReadAllLines(_folder.File("access.log")) : [];
        await Eventually.HoldsAsync($"the access log has {lines} lines", () => Lines().Length >= lines);
        return [.. Lines().Take(lines).Select(line => JsonNode.Parse(line)!)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_l4lb is not null)
        {
            await _l4lb.DisposeAsync();
        }

        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }

        _folder.Dispose();
    }
}
