using L4Lb.Engine.Desired;

namespace L4Lb.Host.Explain;

/// <summary>Why the configuration gives a backend no sessions, in words.</summary>
internal static class EligibilityWords
{
    /// <summary>Why it gets none whatever way they come; null where it may get some.</summary>
    public static string? WhyNot(BackendSpec backend) =>
        backend.Scopes == BackendScope.None ? backend.Reason ?? "not eligible under any policy" : null;

    /// <summary>Why it gets none of those that come under a policy; null where it may get some.</summary>
    public static string? WhyNot(BackendSpec backend, BackendScope scope) => WhyNot(backend) ?? backend switch
    {
        _ when (backend.Scopes & scope) == 0 => backend.Reason ?? $"not for the policy {scope}",
        { Weight: 0 } => "weight 0",
        _ => null,
    };
}
