namespace L4Lb.Host.Admin;

/// <summary>What somebody may do with the admin API.</summary>
internal enum AccessLevel
{
    /// <summary>Look.</summary>
    Reader,

    /// <summary>Look, and change what runs.</summary>
    Operator,
}

/// <summary>The level that a request was admitted with.</summary>
internal static class AccessLevels
{
    private static readonly object s_key = new();

    /// <summary>The level by the token of a request; null when none was asked for.</summary>
    public static AccessLevel? Of(HttpContext context) => context.Items.TryGetValue(s_key, out var level) ? (AccessLevel?)level : null;

    /// <summary>Notes the level of a request.</summary>
    public static void Set(HttpContext context, AccessLevel level) => context.Items[s_key] = level;
}

/// <summary>Marks an endpoint that needs no token: probes cannot be given one everywhere.</summary>
internal sealed class OpenToEveryone
{
    /// <summary>The mark.</summary>
    public static readonly OpenToEveryone Instance = new();
}

/// <summary>Marks an endpoint that changes what runs.</summary>
internal sealed class ForOperators
{
    /// <summary>The mark.</summary>
    public static readonly ForOperators Instance = new();
}
