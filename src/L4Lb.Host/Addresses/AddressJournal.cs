using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace L4Lb.Host.Addresses;

/// <summary>
/// Remembers on disk which addresses this program added, so that a run which ended without cleaning up is cleaned up
/// after. Replaced as a whole, so it is never half written. One process has it at a time: network namespaces have interfaces of the
/// same name, and would share a folder.
/// </summary>
internal sealed class AddressJournal(string folder, string iface) : IDisposable
{
    /// <summary>Where the journal is when no state folder is given: gone after a boot, as the addresses are.</summary>
    public const string DefaultFolder = "/run/l4lb";

    // EWOULDBLOCK of flock(2), by which FileShare.None is kept.
    private const int WouldBlock = 11;

    private readonly string _path = Path.Combine(folder, $"addresses-{iface}.json");
    private FileStream? _lock;

    /// <summary>Whether anything is noted.</summary>
    public bool IsThere => File.Exists(_path);

    /// <summary>Keeps it from other processes until it is disposed or the process ends, however that does.</summary>
    /// <exception cref="IOException">Another process has it, or the folder cannot be used.</exception>
    public void Lock()
    {
        Directory.CreateDirectory(folder);
        try
        {
            _lock = new FileStream(Path.ChangeExtension(_path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new IOException($"another instance has {_path}; give each a --state-dir of its own", e);
        }
    }

    /// <summary>The addresses noted; none when there is no journal.</summary>
    /// <exception cref="IOException">It cannot be read, or is not a journal.</exception>
    public HashSet<IPAddress> Read()
    {
        if (!IsThere)
        {
            return [];
        }

        try
        {
            var entry = JsonSerializer.Deserialize(File.ReadAllBytes(_path), JournalJson.Default.JournalEntry);
            return [.. (entry ?? throw new FormatException("null")).Addresses.Select(IPAddress.Parse)];
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new IOException($"{_path} is not a journal of addresses; remove the addresses by hand, then the file", e);
        }
    }

    /// <summary>Notes <paramref name="addresses"/> in place of what was noted; on disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(IEnumerable<IPAddress> addresses)
    {
        string[] sorted = [.. addresses.Select(a => a.ToString()).Order(StringComparer.Ordinal)];
        if (sorted.Length == 0)
        {
            DeleteIfThere();
            return;
        }

        Directory.CreateDirectory(folder);
        var next = _path + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, new JournalEntry(iface, sorted), JournalJson.Default.JournalEntry);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, _path, overwrite: true);
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose() => _lock?.Dispose();

    private void DeleteIfThere()
    {
        if (IsThere)
        {
            File.Delete(_path);
        }
    }
}

/// <summary>The content of an <see cref="AddressJournal"/>.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Addresses">The addresses, sorted.</param>
internal sealed record JournalEntry(string Interface, string[] Addresses);

/// <summary>How a journal is written, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
