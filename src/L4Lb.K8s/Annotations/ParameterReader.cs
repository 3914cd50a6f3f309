namespace L4Lb.K8s.Annotations;

/// <summary>
/// Reads <c>name=value</c> parameters and bare words, in any order, each at most once. It learns which there are from
/// which are asked for; whatever was given besides is a problem. The first problem counts.
/// </summary>
internal sealed class ParameterReader
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private string? _problem;

    /// <param name="parts">The parameters, as <see cref="EscapedText.Split"/> cuts them.</param>
    public ParameterReader(IEnumerable<string> parts)
    {
        foreach (var part in parts)
        {
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals].TrimEnd();
            if (!_given.TryAdd(name, equals < 0 ? "" : part[(equals + 1)..].TrimStart()))
            {
                Refuse($"\"{name}\" is there twice");
            }
        }
    }

    /// <summary>The value of <paramref name="name"/>, or <paramref name="standard"/> when it is not given.</summary>
    public T Read<T>(string name, ValueReader<T> reader, T standard)
    {
        _known.Add($"{name}=");
        if (!_given.Remove(name, out var text))
        {
            return standard;
        }

        var problem = reader(text, out var value);
        if (problem is null)
        {
            return value;
        }

        Refuse($"\"{name}={text}\": {problem}");
        return standard;
    }

    /// <summary>The value of <paramref name="name"/>, or null when it is not given.</summary>
    public T? Read<T>(string name, ValueReader<T> reader)
        where T : struct
    {
        return Read<T?>(name, ReadNullable, null);

        string? ReadNullable(string text, out T? value)
        {
            var problem = reader(text, out var read);
            value = read;
            return problem;
        }
    }

    /// <summary>Whether the bare word <paramref name="name"/> is given.</summary>
    public bool Has(string name)
    {
        _known.Add(name);
        if (!_given.Remove(name, out var text))
        {
            return false;
        }

        if (text.Length > 0)
        {
            Refuse($"\"{name}={text}\": {name} stands alone");
        }

        return true;
    }

    /// <summary>Notes a problem that only the caller can see.</summary>
    public void Refuse(string problem) => _problem ??= problem;

    /// <summary>What is wrong, or null. After everything was asked for.</summary>
    public string? End()
    {
        if (_problem is null && _given.Count > 0)
        {
            var known = _known.Count == 0
                ? "no parameters belong here"
                : $"expected {string.Join(", ", _known)}";
            Refuse($"\"{_given.Keys.First()}\" is not known here; {known}");
        }

        return _problem;
    }
}
