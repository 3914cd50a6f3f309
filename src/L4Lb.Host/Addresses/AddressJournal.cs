using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace L4Lb.Host.Addresses;

/// <summary>
/// Remembers on disk which addresses this program added, so that a run which ended without cleaning up is cleaned up
/// after. Replaced as a whole, so it is never half written.
/// </summary>
internal sealed class AddressJournal(string folder, string iface)
{
    /// <summary>Where the journal is when no state folder is given: gone after a boot, as the addresses are.</summary>
    public const string DefaultFolder = "/run/l4lb";

    private readonly string _path = Path.Combine(folder, $"addresses-{iface}.json");

    /// <summary>The addresses noted; none when there is no journal.</summary>
    /// <exception cref="IOException">It cannot be read, or is not a journal.</exception>
    public HashSet<IPAddress> Read()
    {
        if (!File.Exists(_path))
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

    private void DeleteIfThere()
    {
        if (File.Exists(_path))
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
