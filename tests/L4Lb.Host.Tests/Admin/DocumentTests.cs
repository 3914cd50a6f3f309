using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace L4Lb.Host.Tests.Admin;

public sealed partial class DocumentTests
{
    private static readonly string[] s_paths =
    [
        "GET /api/v1/access", "GET /api/v1/addresses", "GET /api/v1/affinity", "GET /api/v1/backends", "GET /api/v1/events", "GET /api/v1/flows",
        "GET /api/v1/listeners", "GET /api/v1/pools", "GET /api/v1/services", "GET /api/v1/sessions", "GET /api/v1/status",
        "GET /api/v1/stream", "GET /healthz", "GET /readyz",
        "DELETE /api/v1/flows", "DELETE /api/v1/flows/{id}", "DELETE /api/v1/sessions", "DELETE /api/v1/sessions/{id}",
        "POST /api/v1/reload",
        "POST /api/v1/services/{namespace}/{name}/backends/{address}/drain",
        "POST /api/v1/services/{namespace}/{name}/backends/{address}/enable",
        "PUT /api/v1/services/{namespace}/{name}/backends/{address}/weight",
    ];

    [Fact]
    public async Task Every_endpoint_is_described_with_its_answer_and_its_parameters()
    {
        await using var rig = await AdminRig.StartAsync();

        var document = await rig.GetAsync("/openapi/v1.json");

        var operations = document["paths"]!.AsObject()
            .SelectMany(static path => path.Value!.AsObject().Select(op => (Name: $"{op.Key.ToUpperInvariant()} {path.Key}", Of: op.Value!)))
            .ToDictionary(static op => op.Name, static op => op.Of);
        Assert.Equal(s_paths.Order(StringComparer.Ordinal), operations.Keys.Where(static name => !name.EndsWith("/metrics")).Order(StringComparer.Ordinal));
        foreach (var (name, operation) in operations)
        {
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), name);
            Assert.NotNull(operation["responses"]!["200"]);
            var parameters = operation["parameters"]?.AsArray().Where(static p => (string)p!["in"]! == "path").Select(static p => (string)p!["name"]!) ?? [];
            Assert.Equal(Placeholder().Matches(name).Select(static m => m.Groups[1].Value).Order(), parameters.Order());
        }

        Assert.Contains("limit", operations["GET /api/v1/sessions"]["parameters"]!.AsArray().Select(static p => (string)p!["name"]!));
    }

    [Fact]
    public async Task Every_reference_is_to_something_that_is_there()
    {
        await using var rig = await AdminRig.StartAsync();

        var document = await rig.GetAsync("/openapi/v1.json");

        var references = Reference().Matches(document.ToJsonString()).Select(static m => m.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(reference.Split('/').Aggregate<string, JsonNode?>(document, static (node, name) => node?[name])));
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("\"\\$ref\":\"#/([^\"]+)\"")]
    private static partial Regex Reference();
}
