using System.Text.Json.Serialization.Metadata;

namespace L4Lb.Host.Admin;

/// <summary>
/// Tells one reader of a list what is other than when it was told last. It remembers a number for each item rather than the item: a
/// cluster has a hundred thousand, and most of them stay as they are.
/// </summary>
internal sealed class Changes<TKey, TItem, TAnswer>
    where TKey : notnull
{
    private readonly Dictionary<TKey, (int Print, long Turn)> _told = [];
    private long _turn;

    /// <summary>What an item is known by.</summary>
    public required Func<TItem, TKey> KeyOf { get; init; }

    /// <summary>A number that is another one when what is told of the item is other, but for one chance in four billion.</summary>
    public required Func<TItem, int> PrintOf { get; init; }

    /// <summary>What is told of an item.</summary>
    public required Func<TItem, TAnswer> AnswerOf { get; init; }

    /// <summary>Writes the items that are new or changed, and the keys of those that are gone as <c>NAME-gone</c>.</summary>
    public async Task WriteAsync(
        EventStreamWriter events, string name, IEnumerable<TItem> items, JsonTypeInfo<TAnswer[]> type, CancellationToken cancellation)
    {
        _turn++;
        var changed = new List<TAnswer>();
        foreach (var item in items)
        {
            var (key, print) = (KeyOf(item), PrintOf(item));
            if (!_told.TryGetValue(key, out var told) || told.Print != print)
            {
                changed.Add(AnswerOf(item));
            }

            _told[key] = (print, _turn);
        }

        if (changed.Count > 0)
        {
            await events.WriteAsync(name, [.. changed], type, cancellation);
        }

        var gone = _told.Where(told => told.Value.Turn != _turn).Select(static told => told.Key).ToList();
        if (gone.Count > 0)
        {
            gone.ForEach(key => _told.Remove(key));
            await events.WriteAsync($"{name}-gone", [.. gone.Select(static key => $"{key}")], AdminJson.Default.StringArray, cancellation);
        }
    }
}
