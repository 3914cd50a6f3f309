using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Leases;

/// <summary>Leases as the API server reads them.</summary>
internal static class LeaseJson
{
    // A MicroTime has exactly six digits: the server refuses any other number of them.
    private const string MicroTime = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The whole object, UTF-8. With a version it replaces that version and no other.</summary>
    public static ReadOnlyMemory<byte> Write(Lease lease)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("apiVersion", "coordination.k8s.io/v1");
        json.WriteString("kind", "Lease");
        json.WriteStartObject("metadata");
        WriteMetadata(json, lease.Metadata);
        json.WriteEndObject();
        json.WriteStartObject("spec");
        WriteSpec(json, lease);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteMetadata(Utf8JsonWriter json, ObjectMeta metadata)
    {
        json.WriteString("name", metadata.Name);
        json.WriteString("namespace", metadata.Namespace);
        WriteUnlessEmpty(json, "uid", metadata.Uid);
        WriteUnlessEmpty(json, "resourceVersion", metadata.ResourceVersion);
        WriteMap(json, "labels", metadata.Labels);
        WriteMap(json, "annotations", metadata.Annotations);
        if (metadata.Finalizers.Count > 0)
        {
            json.WriteStartArray("finalizers");
            foreach (var finalizer in metadata.Finalizers)
            {
                json.WriteStringValue(finalizer);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteSpec(Utf8JsonWriter json, Lease lease)
    {
        json.WriteString("holderIdentity", lease.Holder);
        if (lease.Duration is { } duration)
        {
            json.WriteNumber("leaseDurationSeconds", (int)duration.TotalSeconds);
        }

        WriteTime(json, "acquireTime", lease.AcquireTime);
        WriteTime(json, "renewTime", lease.RenewTime);
        json.WriteNumber("leaseTransitions", lease.Transitions);
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteMap(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, string> map)
    {
        if (map.IsEmpty)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            json.WriteString(name, value.UtcDateTime.ToString(MicroTime, CultureInfo.InvariantCulture));
        }
    }
}
