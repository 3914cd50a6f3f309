namespace L4Lb.K8s.Client;

/// <summary>A request that came to nothing.</summary>
internal sealed class ApiException(ApiStatus status, string request, Exception? inner = null)
    : Exception($"{request}: {status.Message}", inner)
{
    /// <summary>What the server said, or that it said nothing.</summary>
    public ApiStatus Status { get; } = status;
}

/// <summary>A <c>v1</c> Status: why the API server refused, or what kept it from answering.</summary>
/// <param name="Code">HTTP status code; 0 when there was no answer.</param>
/// <param name="Reason">One word, as <c>Conflict</c>; <see cref="Unreachable"/> when there was no answer.</param>
/// <param name="Message">For people.</param>
internal sealed partial record ApiStatus(int Code, string Reason, string Message)
{
    /// <summary>Reason of our own: there was no answer, or none that could be read.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>How long the server asks to be left alone; null when it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether there was no answer.</summary>
    public bool IsUnreachable => Reason == Unreachable;

    /// <summary>Whether a resource version is too old to go on from, in either of the two ways to say so.</summary>
    public bool IsExpired => Code == 410 || Reason is "Expired" or "Gone";

    /// <summary>Whether there is no such object, or no such kind.</summary>
    public bool IsNotFound => Code == 404;

    /// <summary>Whether somebody else was faster: another version is there, or the name is taken.</summary>
    public bool IsConflict => Code == 409;

    /// <summary>Whether it is not allowed.</summary>
    public bool IsForbidden => Code == 403;
}
