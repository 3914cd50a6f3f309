namespace L4Lb.K8s.Provider;

/// <summary>Something that happened to an object, for the people who look after it.</summary>
/// <param name="About">The object.</param>
/// <param name="IsWarning">Whether something went wrong.</param>
/// <param name="Reason">What, in one word.</param>
/// <param name="Action">What was being done, in one word.</param>
/// <param name="Note">For people.</param>
public sealed record EventNote(EventSubject About, bool IsWarning, string Reason, string Action, string Note);

/// <summary>The object that an event is about.</summary>
/// <param name="ApiVersion">Group and version of its kind, as <c>v1</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">Its namespace; empty when it has none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its identity: what comes after it under the same name has events of its own.</param>
public sealed record EventSubject(string ApiVersion, string Kind, string Namespace, string Name, string Uid)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
