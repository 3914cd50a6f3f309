using System.Text.Json.Serialization.Metadata;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Client.Get;

/// <summary>A resource whose items are <typeparamref name="T"/>.</summary>
internal sealed class Resource<T>(string name, params IReadOnlyList<string> otherNames) : Resource(name, otherNames)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>How an item is written as JSON.</summary>
    public required JsonTypeInfo<T> Type { get; init; }

    /// <summary>Asks for those of a selection, as far as the instance understands it.</summary>
    public required Func<AdminClient, Selection, CancellationToken, IAsyncEnumerable<T>> Read { get; init; }

    /// <summary>Whether an item is of a selection, where the instance does not find that out; namespace and name left out.</summary>
    public Func<T, Selection, bool> Fits { get; init; } = static (_, _) => true;

    /// <summary>The namespace of an item; null when it has none.</summary>
    public Func<T, string>? NamespaceOf { get; init; }

    /// <summary>The name of an item, without its namespace.</summary>
    public required Func<T, string> NameOf { get; init; }

    /// <summary>What an item is known by from one answer to the next.</summary>
    public required Func<T, string> KeyOf { get; init; }

    /// <summary>What is shown of it; the clock is for ages.</summary>
    public required Func<Func<DateTime>, IReadOnlyList<Column<T>>> Columns { get; init; }

    /// <inheritdoc/>
    public override bool HasNamespaces => NamespaceOf is not null;

    /// <inheritdoc/>
    public override async Task<int> GetAsync(
        GetSettings settings, CommandContext context, AdminClient client, CancellationToken cancellation)
    {
        var writer = new ItemWriter<T>(this, settings, context);
        var items = await SelectAsync(client, settings.Selection, cancellation);
        if (items.Count == 0 && settings.Output is OutputForm.Table or OutputForm.Wide)
        {
            var where = settings.Selection.Namespace is { } ns ? $" in namespace {ns}" : "";
            context.Error.WriteLine($"No {Name} found{where}.");
        }

        writer.WriteAll(items);
        while (settings.Watch)
        {
            await Task.Delay(s_interval, context.Time, cancellation);
            writer.WriteChanged(await SelectAsync(client, settings.Selection with { Names = [] }, cancellation, settings.Selection.Names));
        }

        return ExitCode.Done;
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> NamesAsync(AdminClient client, Selection selection, CancellationToken cancellation) =>
        [.. (await SelectAsync(client, selection, cancellation)).Select(FullNameOf).Distinct(StringComparer.Ordinal)];

    /// <summary>The items of a selection.</summary>
    /// <exception cref="ClientException">One of its names is nobody's.</exception>
    private async Task<IReadOnlyList<T>> SelectAsync(
        AdminClient client, Selection selection, CancellationToken cancellation, IReadOnlyList<string>? wanted = null)
    {
        var (items, others) = (new List<T>(), new List<T>());
        var names = wanted ?? selection.Names;
        await foreach (var item in Read(client, selection, cancellation))
        {
            if ((NamespaceOf is null || selection.Namespace is null || NamespaceOf(item) == selection.Namespace) && Fits(item, selection))
            {
                (names.Count == 0 || names.Any(n => IsNamed(item, n)) ? items : others).Add(item);
                if (items.Count == selection.Limit)
                {
                    break;
                }
            }
        }

        if (selection.Names.FirstOrDefault(n => !items.Any(item => IsNamed(item, n))) is { } missing && items.Count != selection.Limit)
        {
            var all = items.Concat(others).Select(item => missing.Contains('/') ? FullNameOf(item) : NameOf(item));
            var instead = MayBeAService(missing) ? $"those of a Service are {Name} --service {missing}" : $"there is {Problems.Instead(missing, all)}";
            throw ClientException.Refused($"there is no {Singular} {missing}; {instead}");
        }

        return items;
    }

    /// <summary>Names of Services begin with a letter (RFC 1035 labels), and no address has a letter but between colons.</summary>
    private bool MayBeAService(string text) =>
        Filters.Contains("--service") && !IsNamedAsServices && text.Split('/')[^1] is [>= 'a' and <= 'z', ..] && !text.Contains(':');

    private bool IsNamed(T item, string text) => NameOf(item) == text || FullNameOf(item) == text;

    private string FullNameOf(T item) => NamespaceOf is null ? NameOf(item) : $"{NamespaceOf(item)}/{NameOf(item)}";
}
