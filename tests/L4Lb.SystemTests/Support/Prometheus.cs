using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using L4Lb.Testing;

namespace L4Lb.SystemTests.Support;

/// <summary>Debian's Prometheus on this machine, with a folder of its own, that scrapes one target every second.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = Eventually.Deadline };
    private readonly Uri _address = new($"http://127.0.0.1:{Loopback.FreePort()}");
    private ChildProcess? _process;

    public static async Task<Prometheus> StartAsync(Uri target, string rules)
    {
        Requirements.Program("prometheus");
        var started = new Prometheus();
        var config = started._folder.Write("prometheus.yml", $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["{{rules}}"]
            scrape_configs:
            - job_name: l4lb
              static_configs: [{targets: ["{{target.Authority}}"]}]
            """);
        started._process = ChildProcess.Start(
            "prometheus", $"--config.file={config}", $"--storage.tsdb.path={started._folder.File("data")}",
            $"--web.listen-address={started._address.Authority}");
        try
        {
            await Eventually.HoldsAsync($"Prometheus is ready:\n{started._process.Printed}", started.IsReadyAsync);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The one value that a query has now; null when it has none.</summary>
    public async Task<double?> QueryAsync(string query)
    {
        var answer = await _http.GetFromJsonAsync<JsonNode>(new Uri(_address, $"/api/v1/query?query={Uri.EscapeDataString(query)}"));
        var result = answer!["data"]!["result"]!.AsArray();
        return result.Count == 0 ? null : double.Parse((string)result.Single()!["value"]![1]!, CultureInfo.InvariantCulture);
    }

    /// <summary>The alerts that are pending or fire.</summary>
    public async Task<IReadOnlyList<string>> AlertsAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonNode>(new Uri(_address, "/api/v1/alerts"));
        return [.. answer!["data"]!["alerts"]!.AsArray().Select(static alert => (string)alert!["labels"]!["alertname"]!)];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process!.HasExited, $"Prometheus ended by itself:\n{_process.Printed}");
        try
        {
            using var response = await _http.GetAsync(new Uri(_address, "/-/ready"));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // It does not listen yet.
        }
    }
}
