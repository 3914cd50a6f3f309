using System.Buffers.Binary;
using System.Text;

namespace L4Lb.Host.Tests.Telemetry;

/// <summary>A point of a metric. Histograms have a count, a sum and, when they are exponential, a scale.</summary>
internal sealed record OtlpPoint(string Metric, string Attributes, double Value, double Sum, int? Scale, bool IsDelta);

/// <summary>
/// Reads of opentelemetry-proto (metrics/v1, trace/v1) what tests ask for. Numbers of fields are those of the .proto files; the
/// encoding is protobuf.dev's "Encoding".
/// </summary>
internal static class OtlpMessages
{
    private const int Delta = 1;

    public static IEnumerable<OtlpPoint> Metrics(byte[] request)
    {
        foreach (var metric in Messages(request))
        {
            var fields = Fields(metric).ToArray();
            var name = Text(fields.First(static f => f.Number == 1));
            foreach (var data in fields.Where(static f => f.Number is 5 or 7 or 9 or 10))
            {
                var parts = Fields(data.Bytes).ToArray();
                var isDelta = parts.FirstOrDefault(static f => f.Number == 2 && f.Bytes.IsEmpty)?.Bits == Delta;
                foreach (var point in parts.Where(static f => f.Number == 1))
                {
                    yield return Point(name, data.Number, Fields(point.Bytes).ToArray(), isDelta);
                }
            }
        }
    }

    public static IEnumerable<string> Spans(byte[] request) =>
        Messages(request).Select(static span => Text(Fields(span).First(static f => f.Number == 5)));

    private static OtlpPoint Point(string name, int kind, Field[] point, bool isDelta)
    {
        double Double(int number) => point.FirstOrDefault(f => f.Number == number) is { } f ? BitConverter.Int64BitsToDouble(f.Bits) : 0;
        string Attributes(int number) => string.Join(',', point.Where(f => f.Number == number).Select(static f => Attribute(f.Bytes)).Order(StringComparer.Ordinal));
        var count = point.FirstOrDefault(static f => f.Number == 4)?.Bits ?? 0;
        return kind switch
        {
            9 => new(name, Attributes(9), count, Double(5), null, isDelta),
            10 => new(name, Attributes(1), count, Double(5), ZigZag(point.FirstOrDefault(static f => f.Number == 6)?.Bits ?? 0), isDelta),
            _ when point.FirstOrDefault(static f => f.Number == 6) is { } whole => new(name, Attributes(7), whole.Bits, 0, null, isDelta),
            _ => new(name, Attributes(7), Double(4), 0, null, isDelta),
        };
    }

    private static string Attribute(ReadOnlyMemory<byte> bytes)
    {
        var pair = Fields(bytes).ToArray();
        return $"{Text(pair[0])}={Text(Fields(pair[1].Bytes).First())}";
    }

    private static int ZigZag(long bits) => (int)((ulong)bits >> 1) ^ -(int)(bits & 1);

    private static string Text(Field field) => Encoding.UTF8.GetString(field.Bytes.Span);

    /// <summary>Metrics or spans: both are in scopes (2), which are in resources (1).</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Messages(byte[] request) =>
        Fields(request).Where(static f => f.Number == 1)
            .SelectMany(static resource => Fields(resource.Bytes)).Where(static f => f.Number == 2)
            .SelectMany(static scope => Fields(scope.Bytes)).Where(static f => f.Number == 2)
            .Select(static message => message.Bytes);

    private static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = VarInt(message.Span, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new Field(number, VarInt(message.Span, ref at), default);
                    break;
                case 1:
                    yield return new Field(number, BinaryPrimitives.ReadInt64LittleEndian(message.Span[at..]), default);
                    at += 8;
                    break;
                case 2:
                    var length = (int)VarInt(message.Span, ref at);
                    yield return new Field(number, 0, message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return new Field(number, BinaryPrimitives.ReadInt32LittleEndian(message.Span[at..]), default);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    private static long VarInt(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private sealed record Field(int Number, long Bits, ReadOnlyMemory<byte> Bytes);
}
