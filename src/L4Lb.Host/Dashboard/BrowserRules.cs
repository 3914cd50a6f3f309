namespace L4Lb.Host.Dashboard;

/// <summary>What browsers may do with our pages.</summary>
internal static class BrowserRules
{
    /// <summary>
    /// Scripts and styles come from our files alone, nothing is asked of another origin, and nobody puts the page into a frame of
    /// theirs (Content Security Policy Level 3).
    /// </summary>
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Says so in an answer.</summary>
    public static void Apply(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
