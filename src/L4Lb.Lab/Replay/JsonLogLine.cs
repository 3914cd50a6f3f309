using System.Globalization;
using System.Net;
using System.Text.Json;
using L4Lb.Engine.Desired;

namespace L4Lb.Lab.Replay;

/// <summary>Reads a line of an access log in the JSON form (docs/operations/access-log.md).</summary>
internal static class JsonLogLine
{
    /// <summary>The session.</summary>
    /// <exception cref="FormatException">The line is none; the message says what is wrong.</exception>
    internal static LoggedSession Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException("is not JSON, or was cut off", e);
        }
    }

    private static LoggedSession Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("is no JSON object");
        }

        var time = DateTimeOffset.TryParse(
            Text(root, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var accepted)
            ? accepted
            : throw new FormatException("time is no date and time");
        var total = Milliseconds(root, "total_ms") ?? throw new FormatException("total_ms is missing");
        return new LoggedSession(
            time.UtcTicks, Address(root, "client") ?? throw new FormatException("client is missing"), ServiceName.Plain(Text(root, "service")),
            Address(root, "backend"), Milliseconds(root, "queue_ms") ?? 0, Milliseconds(root, "connect_ms"), total,
            (int)Math.Min(Whole(root, "attempts") ?? 1, int.MaxValue), Whole(root, "weight") ?? 1,
            root.TryGetProperty("protocol", out var protocol) && protocol.ValueKind == JsonValueKind.String && protocol.ValueEquals("udp"));
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"{name} is missing");

    private static AddressKey? Address(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String && IPEndPoint.TryParse(value.GetString()!, out var endPoint) ? AddressKey.From(endPoint)
        : throw new FormatException($"{name} is no address and port");

    private static double? Milliseconds(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is >= 0 and < LogLine.MillisecondsMost
            ? number / 1000
            : throw new FormatException($"{name} is no number of milliseconds");

    private static long? Whole(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0
            ? number
            : throw new FormatException($"{name} is no whole number");
}
