using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Client;

/// <summary>
/// What the appliance needs of an API server. Any thread. Every call fails with an <see cref="ApiException"/>, be it that the
/// server refused or that it was not reached, and with nothing else but <see cref="OperationCanceledException"/>.
/// </summary>
internal interface IKubernetesApi
{
    /// <summary>All objects of a scope at one moment, read in pages.</summary>
    Task<ApiList<T>> ListAsync<T>(Resource<T> resource, ApiScope scope, CancellationToken cancellation)
        where T : KubeObject;

    /// <summary>
    /// What happens after <paramref name="resourceVersion"/>, bookmarks included. Ends without an error when the server ends the
    /// watch, which it does every few minutes; <see cref="ApiStatus.IsExpired"/> when the version is too old. Begins with a bookmark
    /// of that version as soon as the server has accepted the watch: it may have nothing else to tell for a long time.
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        Resource<T> resource, ApiScope scope, string resourceVersion, CancellationToken cancellation)
        where T : KubeObject;

    /// <summary>One object.</summary>
    Task<T> GetAsync<T>(Resource<T> resource, ObjectName name, CancellationToken cancellation)
        where T : KubeObject;

    /// <summary>
    /// Changes the fields that <paramref name="json"/> names (RFC 7386) and leaves the others, known or not, alone. With
    /// <c>metadata.resourceVersion</c> in it, only if nobody else has changed the object since.
    /// </summary>
    /// <param name="resource">Kind of object.</param>
    /// <param name="name">Which object.</param>
    /// <param name="subresource"><c>status</c>, or null for the object itself.</param>
    /// <param name="json">The patch, UTF-8.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<T> MergePatchAsync<T>(
        Resource<T> resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject;

    /// <summary>Creates an object in a namespace.</summary>
    Task<T> CreateAsync<T>(Resource<T> resource, string @namespace, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject;

    /// <summary>Replaces a whole object: only for kinds of which every field is known here, as Leases.</summary>
    Task<T> ReplaceAsync<T>(Resource<T> resource, ObjectName name, ReadOnlyMemory<byte> json, CancellationToken cancellation)
        where T : KubeObject;
}

/// <summary>Which objects of a kind.</summary>
/// <param name="Namespace">Those of one namespace; null for all.</param>
/// <param name="LabelSelector">As <c>kubectl -l</c>; null for all.</param>
/// <param name="FieldSelector">As <c>kubectl --field-selector</c>; null for all.</param>
internal sealed record ApiScope(string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null)
{
    /// <summary>All of them.</summary>
    public static ApiScope All { get; } = new();
}

/// <summary>All objects of a scope at one moment.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">The moment, to watch from.</param>
internal sealed record ApiList<T>(IReadOnlyList<T> Items, string ResourceVersion)
    where T : KubeObject;

/// <summary>What happened to an object.</summary>
/// <param name="Type">What.</param>
/// <param name="Object">The object as it is now, when deleted as it was last; null for a bookmark.</param>
/// <param name="ResourceVersion">Where to go on watching from.</param>
internal readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, string ResourceVersion)
    where T : KubeObject;

/// <summary>Kinds of <see cref="WatchEvent{T}"/>.</summary>
internal enum WatchEventType
{
    /// <summary>New, or new to a watcher whose selector it did not match.</summary>
    Added,

    /// <summary>Changed.</summary>
    Modified,

    /// <summary>Gone, or no longer matched by the selector.</summary>
    Deleted,

    /// <summary>Nothing happened, up to this version.</summary>
    Bookmark,
}
