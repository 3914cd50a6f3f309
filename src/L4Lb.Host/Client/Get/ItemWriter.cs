using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Client.Get;

/// <summary>Writes items in the form that was asked for; of those that come again only what has changed.</summary>
internal sealed class ItemWriter<T>
{
    private static readonly JsonSerializerOptions s_forPeople = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // It goes to a terminal or a file, not into a web page.
    };

    private readonly Resource<T> _resource;
    private readonly TextWriter _output;
    private readonly OutputForm _form;
    private readonly IReadOnlyList<Column<T>> _columns;
    private readonly TableWriter _table;
    private Dictionary<string, string> _written = [];

    /// <summary>Makes one; nothing is written yet.</summary>
    public ItemWriter(Resource<T> resource, GetSettings settings, CommandContext context)
    {
        (_resource, _output, _form) = (resource, context.Out, settings.Output);
        _columns =
        [
            .. resource.Columns(() => context.Time.GetUtcNow().UtcDateTime)
                .Where(c => (!c.IsWide || _form == OutputForm.Wide) && (!c.IsNamespace || settings.Selection.Namespace is null)),
        ];
        _table = new TableWriter(_output, [.. _columns.Select(static c => c.Name)]);
    }

    /// <summary>Writes the first answer.</summary>
    public void WriteAll(IReadOnlyList<T> items)
    {
        Remember(items);
        if (_form is OutputForm.Json or OutputForm.Yaml)
        {
            WriteDocument(new JsonObject { ["items"] = new JsonArray([.. items.Select(ToJson)]) });
        }
        else if (items.Count > 0)
        {
            WriteRows(items);
        }
    }

    /// <summary>Writes the items that are new or other than before.</summary>
    public void WriteChanged(IReadOnlyList<T> items)
    {
        var before = _written;
        Remember(items);
        var changed = items
            .Where(item => _resource.KeyOf(item) is var key && (!before.TryGetValue(key, out var old) || old != _written[key]))
            .ToList();
        if (_form is OutputForm.Json or OutputForm.Yaml)
        {
            foreach (var item in changed)
            {
                if (_form == OutputForm.Yaml)
                {
                    _output.WriteLine("---");
                }

                WriteDocument(ToJson(item));
            }
        }
        else if (changed.Count > 0)
        {
            WriteRows(changed);
        }

        _output.Flush();
    }

    private void WriteRows(IEnumerable<T> items) => _table.Write([.. items.Select(item => _columns.Select(c => c.Of(item)).ToArray())]);

    private void WriteDocument(JsonNode? node)
    {
        if (_form == OutputForm.Yaml)
        {
            YamlText.Write(_output, node);
        }
        else
        {
            _output.WriteLine(node?.ToJsonString(s_forPeople));
        }
    }

    private JsonNode? ToJson(T item) => JsonSerializer.SerializeToNode(item, _resource.Type);

    /// <summary>Keeps of each item what would be seen of it.</summary>
    private void Remember(IReadOnlyList<T> items) => _written = items
        .DistinctBy(_resource.KeyOf)
        .ToDictionary(_resource.KeyOf, item => string.Join('\0', _columns.Where(static c => !c.IsClock).Select(c => c.Of(item))));
}
