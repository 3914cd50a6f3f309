namespace L4Lb.K8s.Informers;

/// <summary>How an informer is, for operators.</summary>
/// <param name="Resource">What it follows, as <c>endpointslices.discovery.k8s.io</c>.</param>
/// <param name="Phase">What it does.</param>
/// <param name="Since">Since when; a failure counts from its first try.</param>
/// <param name="Problem">Why it fails; null when it does not.</param>
/// <param name="Objects">Number of objects known.</param>
/// <param name="Lists">How often it read all objects; more than once means that it had lost the thread.</param>
/// <param name="LastEvent">When the server last told it anything, be it only that it accepted a watch; null before.</param>
internal sealed record InformerStatus(
    string Resource, InformerPhase Phase, DateTimeOffset Since, string? Problem, int Objects, int Lists, DateTimeOffset? LastEvent);

/// <summary>What an informer does.</summary>
internal enum InformerPhase
{
    /// <summary>It reads all objects, or is about to.</summary>
    Syncing,

    /// <summary>It hears of every change.</summary>
    Watching,

    /// <summary>It keeps what it knows and tries again.</summary>
    Failing,

    /// <summary>The server does not know the kind. It looks again from time to time.</summary>
    NotServed,
}
