using L4Lb.Host.Admin;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Client.Get;

/// <summary>Something that <c>l4lb get</c> lists.</summary>
/// <param name="name">Its name, in the plural.</param>
/// <param name="otherNames">Other words for it: the singular and a short one.</param>
internal abstract class Resource(string name, params IReadOnlyList<string> otherNames)
{
    /// <summary>Its name, in the plural.</summary>
    public string Name => name;

    /// <summary>One of it, in a message.</summary>
    public string Singular { get; init; } = otherNames[0];

    /// <summary>Other words for it: the singular and a short one.</summary>
    public IReadOnlyList<string> OtherNames => otherNames;

    /// <summary>Filters that it understands.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Whether its items have the names of Services.</summary>
    public bool IsNamedAsServices { get; init; }

    /// <summary>Whether its items belong to namespaces.</summary>
    public abstract bool HasNamespaces { get; }

    /// <summary>The resource that a word means.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Resource Find(string word) =>
        Resources.All.FirstOrDefault(r => r.OtherNames.Append(r.Name).Contains(word, StringComparer.OrdinalIgnoreCase))
        ?? throw new FormatException($"there is no such resource; there is {Problems.Instead(word, Resources.All.Select(static r => r.Name))}");

    /// <summary>Carries out <c>l4lb get</c>.</summary>
    public abstract Task<int> GetAsync(GetSettings settings, CommandContext context, AdminClient client, CancellationToken cancellation);

    /// <summary>Names that there are, as <c>namespace/name</c> where there are namespaces, for completion.</summary>
    public abstract Task<IReadOnlyList<string>> NamesAsync(AdminClient client, Selection selection, CancellationToken cancellation);
}
