namespace L4Lb.Testing.Cluster.Access;

/// <summary>The smallest part of a rule of RBAC: one verb on one resource.</summary>
/// <param name="Role">Name of the role that it is in.</param>
/// <param name="Namespace">Where it holds; empty for everywhere, and for what is in no namespace.</param>
/// <param name="Group">API group.</param>
/// <param name="Resource">Kind of object, with the subresource, as <c>services/status</c>.</param>
/// <param name="Verb">What may be done.</param>
/// <param name="Name">The only object; empty for all.</param>
internal sealed record AccessGrant(string Role, string Namespace, string Group, string Resource, string Verb, string Name)
{
    private const string All = "*";

    /// <summary>Whether it allows a request. Creating has no name yet, and is not allowed by a grant that has one.</summary>
    public bool Allows(AccessRequest request) =>
        (Verb is All || Verb == request.Verb)
        && (Group is All || Group == request.Group)
        && (Resource is All || Resource == request.FullResource || (request.Subresource.Length > 0 && Resource == $"*/{request.Subresource}"))
        && (Namespace.Length == 0 || Namespace == request.Namespace)
        && (Name.Length == 0 || Name == request.Name);

    public override string ToString() =>
        $"{Role}: {Verb} {Resource}{(Group.Length > 0 ? $".{Group}" : "")}{(Name.Length > 0 ? $" \"{Name}\"" : "")}";
}
