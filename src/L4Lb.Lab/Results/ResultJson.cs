using System.Text.Json;
using System.Text.Json.Serialization;
using L4Lb.Lab.Measuring;

namespace L4Lb.Lab.Results;

/// <summary>How results are written as JSON. What a later version adds is passed over; what is missing is an error.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = false,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [typeof(HistogramConverter), typeof(ModeConverter)])]
[JsonSerializable(typeof(LabResult))]
internal sealed partial class ResultJson : JsonSerializerContext;

/// <summary>Modes by their names in small letters.</summary>
internal sealed class ModeConverter() : JsonStringEnumConverter<LabMode>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>A histogram as its sum, its maximum and those of its buckets that are not empty: <c>[lower, count]</c>.</summary>
internal sealed class HistogramConverter : JsonConverter<Histogram>
{
    /// <inheritdoc/>
    public override Histogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("buckets", out var buckets)
            || buckets.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException();
        }

        return Histogram.From(buckets.EnumerateArray().Select(ReadBucket), Number(root, "sum"), Number(root, "max"));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Histogram value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("sum", value.Sum);
        writer.WriteNumber("max", value.Max);
        writer.WriteStartArray("buckets");
        foreach (var (lower, count) in value.Buckets)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(lower);
            writer.WriteNumberValue(count);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static HistogramBucket ReadBucket(JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
            && pair[0].ValueKind == JsonValueKind.Number && pair[0].TryGetInt64(out var lower) && lower >= 0
            && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt64(out var count) && count is >= 0 and <= MaxCount
            ? new HistogramBucket(lower, count)
            : throw new JsonException();

    private static double Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number) && number is >= 0 and < MostMicros
            ? number
            : throw new JsonException();

    // Far more than all requests of a run can take together.
    private const double MostMicros = 1e30;

    /// <summary>More than a run can count; the sum of all buckets stays below a long's.</summary>
    private const long MaxCount = 1L << 50;
}
