using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Informers;

/// <summary>
/// A copy of all objects of one kind that follows the API server, and stays as it is while the server is away. Read it from
/// any thread.
/// </summary>
/// <typeparam name="T">The kind.</typeparam>
internal interface IInformer<T>
    where T : KubeObject
{
    /// <summary>Whether the copy was complete once. Before that, what is missing may exist.</summary>
    bool HasSynced { get; }

    /// <summary>The objects of this moment, in no order.</summary>
    IReadOnlyCollection<T> Items { get; }

    /// <summary>
    /// One call for each change, in order and after <see cref="Items"/> shows it, on the informer's own task: handlers note what
    /// to look at, and return. Those of the first list come before <see cref="HasSynced"/>. Whoever subscribes late takes
    /// <see cref="Items"/> for the past.
    /// </summary>
    event Action<ObjectChange<T>> Changed;

    /// <summary>Ends when <see cref="HasSynced"/>.</summary>
    Task WaitForSyncAsync(CancellationToken cancellation);

    /// <summary>The object of that name, or null.</summary>
    T? Find(ObjectName name);
}

/// <summary>A change of one object.</summary>
/// <param name="Before">As it was; null when it is new.</param>
/// <param name="After">As it is; null when it is gone.</param>
internal readonly record struct ObjectChange<T>(T? Before, T? After)
    where T : KubeObject
{
    /// <summary>Its name.</summary>
    public ObjectName Name => (After ?? Before)!.Metadata.ObjectName;
}
