using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace L4Lb.K8s.Provider;

/// <summary>Writes <c>events.k8s.io/v1</c> Events.</summary>
internal static class EventJson
{
    // What the API server takes.
    private const int LongestNote = 1024;

    /// <summary>A new event.</summary>
    public static ReadOnlyMemory<byte> New(EventNote note, string name, string controller, string instance, DateTimeOffset time) =>
        Write(json =>
        {
            json.WriteString("apiVersion", "events.k8s.io/v1");
            json.WriteString("kind", "Event");
            json.WriteStartObject("metadata");
            json.WriteString("name", name);
            json.WriteString("namespace", NamespaceOf(note.About));
            json.WriteEndObject();
            json.WriteString("eventTime", MicroTime(time));
            json.WriteString("reportingController", controller);
            json.WriteString("reportingInstance", instance);
            json.WriteString("action", note.Action);
            json.WriteString("reason", note.Reason);
            json.WriteString("type", note.IsWarning ? "Warning" : "Normal");
            json.WriteString("note", Shortened(note.Note));
            json.WriteStartObject("regarding");
            json.WriteString("apiVersion", note.About.ApiVersion);
            json.WriteString("kind", note.About.Kind);
            json.WriteString("name", note.About.Name);
            json.WriteString("uid", note.About.Uid);
            if (note.About.Namespace.Length > 0)
            {
                json.WriteString("namespace", note.About.Namespace);
            }

            json.WriteEndObject();
        });

    /// <summary>A patch: the same thing has happened so often.</summary>
    public static ReadOnlyMemory<byte> Again(int count, DateTimeOffset time) => Write(json =>
    {
        json.WriteStartObject("series");
        json.WriteNumber("count", count);
        json.WriteString("lastObservedTime", MicroTime(time));
        json.WriteEndObject();
    });

    /// <summary>Where events about an object are: in its namespace, or in this one.</summary>
    public static string NamespaceOf(EventSubject about) => about.Namespace.Length > 0 ? about.Namespace : "default";

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    // meta/v1 MicroTime: exactly six digits.
    private static string MicroTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Shortened(string note) => note.Length <= LongestNote ? note : note[..(LongestNote - 1)] + "…";
}
