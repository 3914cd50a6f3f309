using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace L4Lb.Host.Admin;

/// <summary>Tells one reader of a list what is other than when it was told last.</summary>
/// <param name="keyOf">What an item is known by.</param>
internal sealed class Changes<T>(Func<T, string> keyOf)
{
    // The text rather than the item: records with lists in them are never equal.
    private Dictionary<string, string> _told = [];

    /// <summary>Writes the items that are new or changed, and the keys of those that are gone as <c>NAME-gone</c>.</summary>
    public async Task WriteAsync(
        EventStreamWriter events, string name, IEnumerable<T> items, JsonTypeInfo<T[]> type, CancellationToken cancellation)
    {
        var one = (JsonTypeInfo<T>)type.Options.GetTypeInfo(typeof(T));
        var now = new Dictionary<string, string>(_told.Count);
        var changed = new List<T>();
        foreach (var item in items)
        {
            var (key, text) = (keyOf(item), JsonSerializer.Serialize(item, one));
            now[key] = text;
            if (!_told.TryGetValue(key, out var before) || before != text)
            {
                changed.Add(item);
            }
        }

        var gone = _told.Keys.Where(key => !now.ContainsKey(key)).ToArray();
        _told = now;
        if (changed.Count > 0)
        {
            await events.WriteAsync(name, [.. changed], type, cancellation);
        }

        if (gone.Length > 0)
        {
            await events.WriteAsync($"{name}-gone", gone, AdminJson.Default.StringArray, cancellation);
        }
    }
}
