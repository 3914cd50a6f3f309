using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace L4Lb.K8s.Client;

/// <summary>Writes the JSON that is sent: patches, and the few objects that are written whole.</summary>
internal static class JsonBody
{
    /// <summary>One object, UTF-8; <paramref name="write"/> writes its members.</summary>
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenMemory;
    }

    /// <summary>A <c>metav1.MicroTime</c>: exactly six digits, without which the API server refuses it.</summary>
    public static string MicroTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A <c>metav1.Time</c>: whole seconds.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
