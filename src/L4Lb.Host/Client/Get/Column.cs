namespace L4Lb.Host.Client.Get;

/// <summary>One column of a table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Text">What stands in it; empty is written as kubectl does.</param>
internal sealed record Column<T>(string Name, Func<T, string?> Text)
{
    /// <summary>Only with <c>-o wide</c>.</summary>
    public bool IsWide { get; init; }

    /// <summary>It changes as time goes by: that alone is no change.</summary>
    public bool IsClock { get; init; }

    /// <summary>Left out when all that is shown is of one namespace.</summary>
    public bool IsNamespace { get; init; }

    /// <summary>What is written of <paramref name="item"/>.</summary>
    public string Of(T item) => Text(item) is { Length: > 0 } text ? text : "<none>";
}
