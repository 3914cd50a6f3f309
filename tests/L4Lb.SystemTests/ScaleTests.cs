using System.Diagnostics;
using System.Text;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>A large cluster in one file: 10,000 Services with ten endpoints each, in a namespace of their own.</summary>
public sealed class ScaleTests : IDisposable
{
    private const int Services = 10_000;
    private const int EndpointsOfEach = 10;
    private const int FirstNodePort = 20_000; // None of them is one that the system would choose for somebody else.
    private const int BackendPort = 9000;
    private const int Watched = 123; // The Service whose endpoint changes.
    private const string Replacement = "127.9.9.9";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ten_thousand_services_load_listen_and_follow_a_changed_endpoint()
    {
        Requirements.Nginx();
        Requirements.Program("curl");
        await using var space = await NetworkNamespace.CreateAsync();
        await using var nginx = await Nginx.StartAsync(space, BackendPort);
        var manifest = _folder.Write("cluster.yaml", Cluster(Endpoint(Watched, 0)));

        var clock = Stopwatch.StartNew();
        await using var l4lb = await L4LbProcess.StartAsync(
            space.Enter,
            ["-f", manifest, "--serve", "NodePort", "--node-port-range", $"{FirstNodePort}-{FirstNodePort + Services - 1}", "--service-cidr", "10.96.0.0/12"],
            s_patience);
        var loaded = clock.Elapsed;

        var listening = TcpTable.ListeningPorts(l4lb.Id).Count(p => p is >= FirstNodePort and < FirstNodePort + Services);

        // What it logs takes a while to arrive here: thousands of lines, one for each that found no descriptor.
        await Eventually.EqualsAsync(
            Services, () => listening + l4lb.Log.Count(l => l.Contains("does not listen on", StringComparison.Ordinal)));
        Assert.InRange(listening, 100, Services);
        Assert.Equal(Enumerable.Range(0, EndpointsOfEach).Select(i => Endpoint(Watched, i)).Order(StringComparer.Ordinal), await AnswersAsync(space));

        _folder.Write("cluster.yaml", Cluster(Replacement));
        clock.Restart();
        await l4lb.ReloadAsync(s_patience);
        var reloaded = clock.Elapsed;

        var answers = await AnswersAsync(space);
        Assert.Contains(Replacement, answers);
        Assert.DoesNotContain(Endpoint(Watched, 0), answers);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Services} services: loaded in {loaded.TotalSeconds:0.0} s, one endpoint changed in {reloaded.TotalSeconds:0.0} s; {listening} listen");
        await l4lb.StopAsync();
    }

    /// <summary>Addresses that one server in the namespace can have all at once, and that say whose they are.</summary>
    private static string Endpoint(int service, int index) => $"127.{1 + (service / 200)}.{service % 200}.{1 + index}";

    private static string Cluster(string firstOfWatched)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Services; i++)
        {
            var endpoints = Enumerable.Range(0, EndpointsOfEach)
                .Select(n => $"{{addresses: [{(i == Watched && n == 0 ? firstOfWatched : Endpoint(i, n))}]}}");
            text.Append($$"""
                apiVersion: v1
                kind: Service
                metadata: {name: svc-{{i}} }
                spec:
                  type: NodePort
                  ports: [{port: 80, nodePort: {{FirstNodePort + i}} }]
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: svc-{{i}}-1, labels: {kubernetes.io/service-name: svc-{{i}} } }
                addressType: IPv4
                ports: [{port: {{BackendPort}} }]
                endpoints: [{{string.Join(", ", endpoints)}}]
                ---

                """);
        }

        return text.ToString();
    }

    /// <summary>Asks once for each endpoint, each time on a connection of its own.</summary>
    private static async Task<IEnumerable<string>> AnswersAsync(NetworkNamespace space)
    {
        var url = $"http://127.0.0.1:{FirstNodePort + Watched}/";
        var result = await ChildProcess.RunAsync(
            [.. space.Enter, "curl", "-sS", "--max-time", "20", "-H", "Connection: close", "-w", "\\n", $"{url}?[1-{EndpointsOfEach}]"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
    }
}
