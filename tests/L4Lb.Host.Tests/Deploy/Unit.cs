namespace L4Lb.Host.Tests.Deploy;

/// <summary>A unit of systemd with its drop-ins: settings add up, and an empty one forgets those before it.</summary>
internal sealed class Unit
{
    private readonly Dictionary<string, List<string>> _settings = new(StringComparer.Ordinal);

    public Unit(params string[] files)
    {
        foreach (var line in files.SelectMany(static f => File.ReadAllText(f).Replace("\\\n", "", StringComparison.Ordinal).Split('\n')))
        {
            if (line.Split('=', 2) is not [var name, var value] || name.StartsWith('#'))
            {
                continue;
            }

            var values = _settings.TryGetValue(name, out var known) ? known : _settings[name] = [];
            if (value.Length == 0)
            {
                values.Clear();
            }
            else
            {
                values.Add(value);
            }
        }
    }

    /// <summary>The value of a setting that holds one: the last.</summary>
    public string this[string name] => _settings[name][^1];

    /// <summary>All words of a setting that is a list.</summary>
    public IEnumerable<string> All(string name) =>
        _settings[name].SelectMany(static v => v.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The words of its one command.</summary>
    public string[] Command => Assert.Single(_settings["ExecStart"]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
