using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace L4Lb.Host.Explain;

/// <summary>An explanation for programs.</summary>
internal static class ExplanationJson
{
    private static readonly ExplanationJsonContext s_context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Not part of a web page: nothing to hide from a browser.
    });

    /// <summary>Writes <paramref name="explanation"/> as one object.</summary>
    public static void Write(Explanation explanation, TextWriter output) =>
        output.WriteLine(JsonSerializer.Serialize(explanation, s_context.Explanation));
}

/// <summary>How an explanation is written, without reflection.</summary>
[JsonSerializable(typeof(Explanation))]
internal sealed partial class ExplanationJsonContext : JsonSerializerContext;
