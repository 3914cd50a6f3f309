using System.Globalization;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.Lab.Scenarios;

/// <summary>
/// Reads the fields of one object and says of each what is wrong with it. It learns which there are from which are asked
/// for; <see cref="End"/> reports the others, with the name that was probably meant.
/// </summary>
internal sealed class FieldReader(MappingNode node, string path, ReadingLog log)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Where it is.</summary>
    internal string Path => path;

    internal int Line => node.Line;

    /// <summary>Whether the field is there, and not null.</summary>
    internal bool Has(string name) => Find(name) is not null;

    /// <summary>The field as text; null when it is not there, or is none, which is said.</summary>
    internal string? Text(string name) => Find(name) switch
    {
        null => null,
        ScalarNode { Kind: ScalarKind.String } scalar => scalar.Text,
        var other => Refuse<string?>(other.Line, name, "expected text", null),
    };

    /// <summary>The field as one of some words; null when it is not there, or is none of them, which is said.</summary>
    internal string? Word(string name, params ReadOnlySpan<string> words)
    {
        var text = Text(name);
        if (text is null || words.Contains(text))
        {
            return text;
        }

        Refuse(name, $"unknown: \"{text}\"; {Meant(text, [.. words])}");
        return null;
    }

    /// <summary>The field as a number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    internal double? Number(string name, double least, double most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Float } scalar
            && double.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse<double?>(value.Line, name, $"expected a number from {Of(least)} to {Of(most)}", null);
    }

    /// <summary>The field as a whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    internal long? Whole(string name, long least, long most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value is ScalarNode { Kind: ScalarKind.Integer } scalar
            && long.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse<long?>(value.Line, name, $"expected a whole number from {least} to {most}", null);
    }

    /// <summary>The field as true or false.</summary>
    internal bool? Flag(string name) => Find(name) switch
    {
        null => null,
        ScalarNode { Kind: ScalarKind.Bool } scalar => scalar.Text == "true",
        var other => Refuse<bool?>(other.Line, name, "expected true or false", null),
    };

    /// <summary>The field as a duration of at least <paramref name="least"/>, at most a month.</summary>
    internal TimeSpan? Duration(string name, TimeSpan least)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var most = TimeSpan.FromDays(31);
        return value is ScalarNode scalar && GoDuration.TryParse(scalar.Text, out var duration) && duration >= least && duration <= most
            ? duration
            : Refuse<TimeSpan?>(
                value.Line, name, $"expected a duration from {GoDuration.Format(least)} to {GoDuration.Format(most)}, such as 250ms or 1m30s", null);
    }

    /// <summary>The field as an object of fields; null when it is not there, or is none, which is said.</summary>
    internal FieldReader? Object(string name) => Find(name) switch
    {
        null => null,
        MappingNode mapping => new FieldReader(mapping, PathOf(name), log),
        var other => Refuse<FieldReader?>(other.Line, name, "expected fields below it", null),
    };

    /// <summary>The field as it stands; null when it is not there.</summary>
    internal TreeNode? Node(string name) => Find(name);

    /// <summary>The items of the field with their paths; none when it is not there, or is no list, which is said.</summary>
    internal IEnumerable<(TreeNode Item, string Path)> List(string name) => Find(name) switch
    {
        null => [],
        SequenceNode sequence => sequence.Items.Select((item, i) => (item, $"{PathOf(name)}[{i}]")),
        var other => Refuse<IEnumerable<(TreeNode, string)>>(other.Line, name, "expected a list", []),
    };

    /// <summary>The items of the field that are objects; the others are complained about.</summary>
    internal IEnumerable<FieldReader> Objects(string name)
    {
        foreach (var (item, itemPath) in List(name))
        {
            if (item is MappingNode mapping)
            {
                yield return new FieldReader(mapping, itemPath, log);
            }
            else
            {
                log.Refuse(item.Line, itemPath, "expected fields below it");
            }
        }
    }

    /// <summary>Says what is wrong with a field, or that it is missing.</summary>
    internal void Refuse(string name, string message) => log.Refuse((Find(name) ?? node).Line, PathOf(name), message);

    /// <summary>Says what the author should know of a field.</summary>
    internal void Warn(string name, string message) => log.Warn((Find(name) ?? node).Line, PathOf(name), message);

    /// <summary>Says that a field must be there.</summary>
    internal void Require(string name, string message)
    {
        if (!Has(name))
        {
            Refuse(name, $"required: {message}");
        }
    }

    /// <summary>Reports fields that nobody asked for, or that are there twice.</summary>
    internal void End()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, line, _) in node.Entries)
        {
            if (!_known.Contains(key))
            {
                log.Refuse(line, PathOf(key), $"unknown field; {Unquoted(key) ?? Meant(key, _known)}");
            }
            else if (!seen.Add(key))
            {
                log.Refuse(line, PathOf(key), "is there twice");
            }
        }
    }

    /// <summary>A hint at what was meant by <paramref name="text"/>.</summary>
    internal static string Meant(string text, IReadOnlyCollection<string> known) => NearestName.Of(text, known) is { } nearest
        ? $"did you mean {nearest}?"
        : $"expected {string.Join(", ", known.Order(StringComparer.Ordinal))}";

    // YAML 1.1, which kubectl follows, has more words for true and false than most people know.
    private string? Unquoted(string key) => (key is "true" ? "on" : key is "false" ? "off" : null) is { } word && _known.Contains(word)
        ? $"if it is {word}, put that in quotes: without it is {key} to YAML"
        : null;

    private TreeNode? Find(string name)
    {
        _known.Add(name);
        return node.Find(name);
    }

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private T Refuse<T>(int line, string name, string message, T value)
    {
        log.Refuse(line, PathOf(name), message);
        return value;
    }

    private static string Of(double number) => number.ToString("G6", CultureInfo.InvariantCulture);
}

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class ReadingLog(string file)
{
    private readonly List<Diagnostic> _all = [];

    /// <summary>Everything, in the order of lines.</summary>
    internal IReadOnlyList<Diagnostic> All => [.. _all.OrderBy(static d => d.Line)];

    internal bool HasErrors => _all.Exists(static d => d.Severity == Severity.Error);

    internal string File => file;

    /// <summary>Says what is wrong at <paramref name="line"/>, counted from 0.</summary>
    internal void Refuse(int line, string path, string message) => _all.Add(new(Severity.Error, file, line + 1, path, message));

    /// <summary>Says what the author should know of <paramref name="line"/>, counted from 0.</summary>
    internal void Warn(int line, string path, string message) => _all.Add(new(Severity.Warning, file, line + 1, path, message));

    internal void Add(Diagnostic diagnostic) => _all.Add(diagnostic);
}
