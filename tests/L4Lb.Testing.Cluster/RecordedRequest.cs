namespace L4Lb.Testing.Cluster;

/// <summary>A request as it came in, whatever it was answered with.</summary>
internal sealed record RecordedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, string Body)
{
    public string Protocol { get; init; } = "";

    /// <summary>Subject of the client's certificate; empty when it showed none.</summary>
    public string ClientName { get; init; } = "";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public bool IsWatch => Method == "GET" && Query.GetValueOrDefault("watch") is "true" or "1";

    public bool IsList => Method == "GET" && !IsWatch;

    public override string ToString() => $"{Method} {Path}?{string.Join('&', Query.Select(static q => $"{q.Key}={q.Value}"))}";
}
