using System.Buffers;
using System.Text.Json;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>
/// Merge patches (RFC 7386) of a Service. Each is only good for the version of the Service that it was made of, since lists are
/// replaced as a whole.
/// </summary>
internal static class ServicePatches
{
    /// <summary>Takes a Service: our finalizer and our mark, at once.</summary>
    public static ReadOnlyMemory<byte> Take(Service service, string @class) => Write(service, json =>
    {
        WriteFinalizers(json, service.Metadata.Finalizers.Append(Ownership.CleanupFinalizer).Distinct());
        WriteMark(json, @class);
    });

    /// <summary>Our mark alone, which a Service that is being deleted may get too.</summary>
    public static ReadOnlyMemory<byte> Mark(Service service, string @class) => Write(service, json => WriteMark(json, @class));

    /// <summary>Lets a Service go.</summary>
    public static ReadOnlyMemory<byte> Leave(Service service) => Write(service, json =>
    {
        WriteFinalizers(json, service.Metadata.Finalizers.Where(static f => f != Ownership.CleanupFinalizer));
        json.WriteStartObject("annotations");
        json.WriteNull(AnnotationNames.Provider);
        json.WriteEndObject();
    });

    /// <summary>Writes the status.</summary>
    public static ReadOnlyMemory<byte> Status(Service service, ServiceStatus status) => Write(service, static _ => { }, json =>
    {
        json.WriteStartObject("status");
        json.WriteStartObject("loadBalancer");
        WriteList(json, "ingress", status.Ingress, WriteIngress);
        json.WriteEndObject();
        WriteList(json, "conditions", status.Conditions, static (json, condition) => ConditionJson.Write(json, condition));
        json.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Write(
        Service service, Action<Utf8JsonWriter> writeMetadata, Action<Utf8JsonWriter>? writeMore = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteString("resourceVersion", service.Metadata.ResourceVersion);
            writeMetadata(json);
            json.WriteEndObject();
            writeMore?.Invoke(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteMark(Utf8JsonWriter json, string @class)
    {
        json.WriteStartObject("annotations");
        json.WriteString(AnnotationNames.Provider, @class);
        json.WriteEndObject();
    }

    private static void WriteFinalizers(Utf8JsonWriter json, IEnumerable<string> finalizers) =>
        WriteList(json, "finalizers", [.. finalizers], static (json, finalizer) => json.WriteStringValue(finalizer));

    // A list without entries is one that is not there.
    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyCollection<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void WriteIngress(Utf8JsonWriter json, LoadBalancerIngress ingress)
    {
        json.WriteStartObject();
        WriteText(json, "ip", ingress.IP);
        WriteText(json, "hostname", ingress.Hostname);
        WriteText(json, "ipMode", ingress.IPMode ?? "");
        if (ingress.Ports.Count > 0)
        {
            WriteList(json, "ports", ingress.Ports, static (json, port) =>
            {
                json.WriteStartObject();
                json.WriteNumber("port", port.Port);
                json.WriteString("protocol", port.Protocol);
                WriteText(json, "error", port.Error ?? "");
                json.WriteEndObject();
            });
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(name, text);
        }
    }
}
