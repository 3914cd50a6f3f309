using System.Buffers;
using System.Text.Json;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;

namespace L4Lb.Host.Logging;

/// <summary>A JSON object a line, with fields in a fixed order.</summary>
internal sealed class JsonAccessLines : IAccessLines, IDisposable
{
    private static readonly Dictionary<CloseReason, JsonEncodedText> s_reasons = Enum.GetValues<CloseReason>()
        .ToDictionary(r => r, r => JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(r.ToString())));

    private readonly Utf8JsonWriter _json = new(Stream.Null);

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output, in SessionRecord session, long weight)
    {
        _json.Reset(output);
        Write(_json, in session, weight);
        _json.Flush();
        output.Write("\n"u8);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private static void Write(Utf8JsonWriter json, in SessionRecord session, long weight)
    {
        var isFlow = session.Protocol == TransportProtocol.Udp;
        json.WriteStartObject();
        json.WriteString("time"u8, session.Accepted.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
        json.WriteString("client"u8, session.Client.ToString());
        json.WriteString("peer"u8, session.Peer?.ToString());
        json.WriteString("service"u8, session.Service.ToString());
        json.WriteString("listener"u8, session.Listen.ToString());
        json.WriteString("protocol"u8, isFlow ? "udp"u8 : "tcp"u8);
        json.WriteString("backend"u8, session.Backend?.ToString());
        json.WriteNumber("attempts"u8, session.Attempts);
        WriteNumber(json, "queue_position"u8, session.QueuePosition);
        WriteMilliseconds(json, "queue_ms"u8, session.QueueTime);
        WriteMilliseconds(json, "connect_ms"u8, session.ConnectTime);
        WriteMilliseconds(json, "total_ms"u8, session.TotalTime);
        json.WriteNumber("bytes_in"u8, session.BytesFromClient);
        json.WriteNumber("bytes_out"u8, session.BytesFromBackend);
        WriteNumber(json, "requests"u8, isFlow ? session.Requests : null);
        WriteNumber(json, "responses"u8, isFlow ? session.Responses : null);
        json.WriteString("reason"u8, s_reasons[session.Reason]);
        json.WriteString("detail"u8, session.Detail);
        json.WriteString("termination"u8, TerminationCode.Of(in session));
        json.WriteNumber("shard"u8, session.Shard);
        json.WriteNumber("id"u8, session.Id);
        json.WriteNumber("weight"u8, weight);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>To the microsecond: a connect on loopback takes less than a tenth of a millisecond.</summary>
    private static void WriteMilliseconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? time)
    {
        if (time is { } value)
        {
            json.WriteNumber(name, Math.Round(value.Ticks / (decimal)TimeSpan.TicksPerMillisecond, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
