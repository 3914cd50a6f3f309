using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.K8s.Allocation;

/// <summary>
/// Keeps allocations in <c>allocations.json</c> of the state folder, so that a restart gives everyone the same. The
/// file is replaced as a whole or not at all; one that cannot be read is set aside, never overwritten.
/// </summary>
internal sealed class AllocationStore(string? directory, bool readOnly = false)
{
    private const int Version = 1;
    private AllocationBook? _written;

    private string FilePath => Path.Combine(directory ?? "", "allocations.json");

    /// <summary>Reads what an earlier run wrote; empty when there is nothing or it makes no sense, which is said.</summary>
    public AllocationBook Load(ICollection<Diagnostic> diagnostics)
    {
        if (directory is null)
        {
            return AllocationBook.Empty;
        }

        try
        {
            using var file = File.OpenRead(FilePath);
            var document = JsonSerializer.Deserialize(file, AllocationJson.Default.AllocationDocument);
            if (document?.Version == Version && document.Services is { } services)
            {
                return _written = Book(services);
            }

            SetAside($"its version is {document?.Version}, this one reads {Version}", diagnostics);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first run.
        }
        catch (JsonException e)
        {
            SetAside(e.Message, diagnostics);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(new(
                Severity.Error, FilePath, 0, "",
                $"cannot be read: {e.Message} Make it readable for this user, or name another --state-dir."));
        }

        return AllocationBook.Empty;
    }

    /// <summary>Writes <paramref name="book"/> when it is not what the file says.</summary>
    /// <returns>Why it could not be written, or null.</returns>
    public Diagnostic? Save(AllocationBook book)
    {
        if (directory is null || readOnly || book.Equals(_written) || (_written is null && book.Services.IsEmpty))
        {
            return null;
        }

        var temporary = FilePath + ".new";
        try
        {
            Directory.CreateDirectory(directory);
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, Document(book), AllocationJson.Default.AllocationDocument);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, FilePath, overwrite: true);
            _written = book;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(
                Severity.Error, FilePath, 0, "",
                $"allocations cannot be kept: {e.Message} Make the folder writable for this user, name another --state-dir, "
                + "or give none to keep them for the life of the process.");
        }
    }

    private void SetAside(string reason, ICollection<Diagnostic> diagnostics)
    {
        if (readOnly)
        {
            diagnostics.Add(new(
                Severity.Error, FilePath, 0, "", $"cannot be understood ({reason}): it is not known which addresses were given out"));
            return;
        }

        var aside = FilePath + ".corrupt";
        for (var i = 2; File.Exists(aside); i++)
        {
            aside = $"{FilePath}.corrupt{i}";
        }

        try
        {
            File.Move(FilePath, aside);
            diagnostics.Add(new(
                Severity.Warning, FilePath, 0, "",
                $"cannot be understood ({reason}); set aside as {aside}. "
                + "Addresses and ports that no manifest asks for are given out anew."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(new(
                Severity.Error, FilePath, 0, "",
                $"cannot be understood ({reason}) and cannot be set aside: {e.Message} Move it away, or name another --state-dir."));
        }
    }

    private static AllocationBook Book(SortedDictionary<string, AllocationEntry> services) => new(services.ToImmutableSortedDictionary(
        static s => s.Key,
        static s => new ServiceAllocation(
            (s.Value?.ClusterIPs ?? []).ToEquatableArray(),
            (s.Value?.NodePorts ?? []).Select(static p => KeyValuePair.Create(p.Key, p.Value)).ToEquatableArray(),
            s.Value?.HealthCheckNodePort ?? 0)
        {
            LoadBalancerIPs = (s.Value?.LoadBalancerIPs ?? []).Where(static ip => IPAddress.TryParse(ip, out _)).ToEquatableArray(),
        },
        StringComparer.Ordinal));

    private static AllocationDocument Document(AllocationBook book) => new(Version, new(
        book.Services.ToDictionary(
            static s => s.Key,
            static s => new AllocationEntry(
                [.. s.Value.ClusterIPs], s.Value.NodePorts.ToDictionary(StringComparer.Ordinal), s.Value.HealthCheckNodePort,
                s.Value.LoadBalancerIPs.Count > 0 ? [.. s.Value.LoadBalancerIPs] : null),
            StringComparer.Ordinal),
        StringComparer.Ordinal));
}

/// <summary>The file.</summary>
internal sealed record AllocationDocument(int Version, SortedDictionary<string, AllocationEntry>? Services);

/// <summary>One Service of the file.</summary>
internal sealed record AllocationEntry(
    string[]? ClusterIPs, Dictionary<string, int>? NodePorts, int HealthCheckNodePort, string[]? LoadBalancerIPs);

/// <summary>Reads and writes the file without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AllocationDocument))]
internal sealed partial class AllocationJson : JsonSerializerContext;
