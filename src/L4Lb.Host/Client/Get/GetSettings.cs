using System.Net;
using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Get;

/// <summary>What <c>l4lb get</c> was asked for.</summary>
/// <param name="Client">Whom to ask.</param>
/// <param name="Resource">What of.</param>
internal sealed record GetSettings(ClientSettings Client, Resource Resource)
{
    /// <summary>Which of them.</summary>
    public Selection Selection { get; init; } = new();

    /// <summary>How they are written.</summary>
    public OutputForm Output { get; init; }

    /// <summary>Whether to go on with what changes.</summary>
    public bool Watch { get; init; }
}

/// <summary>Which items are meant.</summary>
internal sealed record Selection
{
    /// <summary>Those with these names; empty for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Those of this namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Those of this Service; null for all.</summary>
    public ServiceName? Service { get; init; }

    /// <summary>Those of this backend; null for all.</summary>
    public IPEndPoint? Backend { get; init; }

    /// <summary>Those of clients here, an address or a network; null for all.</summary>
    public string? Client { get; init; }

    /// <summary>Most items; null for all, or as many as the instance gives.</summary>
    public int? Limit { get; init; }

    /// <summary>The query of a request, from the first parameter's <c>&amp;</c> on.</summary>
    public string Query() => string.Concat(
        Part("service", Service?.ToString()), Part("backend", Backend?.ToString()), Part("client", Client));

    /// <summary>That of the Service alone.</summary>
    public string ServiceQuery() => Part("service", Service?.ToString());

    /// <summary>These two mean nothing inside a query, and the instance logs it as it is.</summary>
    private static string Readable(string value) => Uri.EscapeDataString(value)
        .Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal);

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Readable(value)}";
}

/// <summary>How an answer is written.</summary>
internal enum OutputForm
{
    /// <summary>A table, numbers rounded.</summary>
    Table,

    /// <summary>A table with all columns.</summary>
    Wide,

    /// <summary>JSON, as the admin API has it.</summary>
    Json,

    /// <summary>The same as YAML.</summary>
    Yaml,
}
