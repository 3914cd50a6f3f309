using L4Lb.K8s.Reading;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Config;

/// <summary>
/// The kubeconfig of one or several files. Of several, the first that has an entry of a name has it, and nothing of the others'
/// entry of that name counts; paths are seen from the folder of the file in which they are written. Names are compared exactly.
/// </summary>
internal sealed class KubeConfig
{
    private readonly Dictionary<string, KubeConfigEntry> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeConfigEntry> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeConfigEntry> _contexts = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _files;
    private string? _current;

    private KubeConfig(IReadOnlyList<string> files) => _files = files;

    /// <summary>What is in <paramref name="files"/>; all must exist.</summary>
    /// <exception cref="KubernetesConnectionException">One cannot be read, or is no kubeconfig.</exception>
    public static KubeConfig Load(IReadOnlyList<string> files)
    {
        var config = new KubeConfig(files);
        foreach (var file in files)
        {
            var root = ReadFile(Path.GetFullPath(file));
            config._current ??= root.Text("current-context");
            Add(config._clusters, root, "clusters", "cluster");
            Add(config._users, root, "users", "user");
            Add(config._contexts, root, "contexts", "context");
        }

        return config;
    }

    /// <summary>A context with its cluster and user; without a user when it names none.</summary>
    /// <param name="name">Which; null for the current one.</param>
    /// <exception cref="KubernetesConnectionException">There is none.</exception>
    public (string Name, KubeConfigEntry Context, KubeConfigEntry Cluster, KubeConfigEntry? User) Select(string? name)
    {
        name ??= _current ?? throw new KubernetesConnectionException(
            $"{Files}: current-context: is missing; set it, or name one of the contexts {Known(_contexts)}");
        if (!_contexts.TryGetValue(name, out var context))
        {
            throw new KubernetesConnectionException($"{Files}: there is no context {name}; there is {Known(_contexts)}");
        }

        var user = context.Text("user") is { } userName ? Find(_users, context, "user", userName) : null;
        return (name, context, Find(_clusters, context, "cluster", context.RequiredText("cluster")), user);
    }

    private string Files => string.Join(", ", _files);

    private static KubeConfigEntry Find(
        Dictionary<string, KubeConfigEntry> entries, KubeConfigEntry context, string field, string name) =>
        entries.TryGetValue(name, out var entry)
            ? entry
            : throw context.Wrong(field, $"there is no {field} {name}; there is {Known(entries)}");

    private static string Known(Dictionary<string, KubeConfigEntry> entries) =>
        entries.Count == 0 ? "none" : string.Join(", ", entries.Keys.Order(StringComparer.Ordinal));

    private static KubeConfigEntry ReadFile(string file)
    {
        try
        {
            var problem = InputText.Decode(File.ReadAllBytes(file), out var text);
            var root = problem is null ? TreeReader.Read(text) : throw new KubernetesConnectionException($"{file}: {problem}");
            var fields = root as MappingNode ?? throw new KubernetesConnectionException($"{file}: is no kubeconfig, but empty or a list");
            var entry = new KubeConfigEntry(file, "top level", fields);
            return entry.Text("kind") is null or "Config" ? entry : throw entry.Wrong("kind", "is not Config: this is no kubeconfig");
        }
        catch (TreeException e)
        {
            throw new KubernetesConnectionException($"{file}:{e.Line + 1}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConnectionException($"{file}: cannot be read: {e.Message}", e);
        }
    }

    // Two entries of one name in one file: the first wins there as well.
    private static void Add(Dictionary<string, KubeConfigEntry> entries, KubeConfigEntry root, string list, string kind)
    {
        foreach (var item in root.Objects(list))
        {
            var name = item.RequiredText("name");
            if (item.Find(kind) is MappingNode fields)
            {
                entries.TryAdd(name, new(root.File, $"{kind} {name}", fields));
            }
        }
    }
}
