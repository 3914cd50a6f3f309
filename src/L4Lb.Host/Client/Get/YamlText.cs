using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace L4Lb.Host.Client.Get;

/// <summary>JSON written as YAML, which reads back as the same.</summary>
internal static partial class YamlText
{
    /// <summary>Writes a document.</summary>
    public static void Write(TextWriter output, JsonNode? node)
    {
        var emitter = new Emitter(
            output, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        output.Flush();
    }

    private static void Write(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                emitter.Emit(new MappingStart(null, null, isImplicit: true, fields.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (name, value) in fields)
                {
                    WriteText(emitter, name);
                    Write(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                var isFlat = items.All(static i => i is JsonArray or JsonValue && i.GetValueKind() != JsonValueKind.String);
                emitter.Emit(new SequenceStart(null, null, isImplicit: true, isFlat ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items)
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case null:
                emitter.Emit(new Scalar("null"));
                break;
            case var value when value.GetValueKind() == JsonValueKind.String:
                WriteText(emitter, value.GetValue<string>());
                break;
            default:
                emitter.Emit(new Scalar(node.ToJsonString()));
                break;
        }
    }

    /// <summary>Plain only where no reader of any version of YAML takes it for something else.</summary>
    private static void WriteText(Emitter emitter, string text) => emitter.Emit(new Scalar(
        null, null, text, Plain().IsMatch(text) && !Word().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, true, true));

    [GeneratedRegex(@"^[A-Za-z][\w./-]*( [\w./-]+)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();

    [GeneratedRegex("^(true|false|yes|no|on|off|y|n|null)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
