using System.Buffers.Binary;
using System.Net;
using System.Text;
using L4Lb.Dns.Serving;
using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;
using L4Lb.Engine.Desired;

namespace L4Lb.Dns.Tests;

/// <summary>Questions as clients send them, and zones to ask.</summary>
internal static class Questions
{
    public static DnsName Name(string text) => DnsName.Parse(text);

    /// <summary>A question; the case of the name is kept, as on the wire.</summary>
    public static byte[] Ask(string name, RecordType type, int? payload = null, ushort id = 0x1234, byte version = 0, ushort flags = 0x0100)
    {
        var message = new List<byte>();
        void Add16(int value) => message.AddRange([(byte)(value >> 8), (byte)value]);
        Add16(id);
        Add16(flags);
        Add16(1);
        Add16(0);
        Add16(0);
        Add16(payload is null ? 0 : 1);
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.Add(0);
        Add16((int)type);
        Add16(1);
        if (payload is { } size)
        {
            message.AddRange([0, 0, (byte)RecordType.OPT]);
            Add16(size);
            message.AddRange([0, version, 0, 0, 0, 0]);
        }

        return [.. message];
    }

    public static Asker ByDatagram { get; } = new(AddressKey.From(IPAddress.Parse("192.0.2.53"), 53), ByDatagram: true, 0);

    public static Asker ByStream { get; } = ByDatagram with { ByDatagram = false };

    /// <summary>Asks and reads the answer by a reader that shares nothing with the writer.</summary>
    public static Answer Ask(this DnsResponder responder, string name, RecordType type, int? payload = null) =>
        Answer.Read(responder.AskRaw(Ask(name, type, payload), ByDatagram));

    public static byte[] AskRaw(this DnsResponder responder, byte[] question, Asker asker)
    {
        var room = new byte[asker.ByDatagram ? DnsResponder.DatagramMax : DnsResponder.MessageMax];
        responder.Answer(question, asker, room, out var length);
        return room[..length];
    }

    public static DnsResponder Responder(bool asksOthers = false, params ZoneBuilder[] zones) =>
        new(asksOthers) { Zones = new ZoneSet(zones.Select(static zone => zone.Build())) };

    public static ZoneBuilder Cluster() => new(Name("cluster.local"), serial: 7, ttl: 5);

    public static AddressData Address(string text) => new(IPAddress.Parse(text));
}

/// <summary>An answer, read by the book: no bound is trusted, and every record is written out as text.</summary>
internal sealed record Answer(
    int Id, int Flags, string Question, IReadOnlyList<string> Answers, IReadOnlyList<string> Authorities, IReadOnlyList<string> Additionals,
    int Bytes)
{
    public int Code => Flags & 0xF;

    public bool IsAuthoritative => (Flags & 0x0400) != 0;

    public bool IsTruncated => (Flags & 0x0200) != 0;

    public static Answer Read(byte[] message)
    {
        var at = 12;
        int Count(int i) => BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(4 + (2 * i)));
        var question = Count(0) == 0 ? "" : $"{NameAt(message, ref at)} {(RecordType)Read16(message, ref at)} {Read16(message, ref at)}";
        var sections = Enumerable.Range(1, 3)
            .Select(i => Enumerable.Range(0, Count(i)).Select(_ => RecordAt(message, ref at)).ToArray())
            .ToArray();
        Assert.Equal(message.Length, at);
        return new Answer(
            BinaryPrimitives.ReadUInt16BigEndian(message), BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2)), question,
            sections[0], sections[1], sections[2], message.Length);
    }

    private static int Read16(byte[] message, ref int at) => BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan((at += 2) - 2));

    private static string RecordAt(byte[] message, ref int at)
    {
        var owner = NameAt(message, ref at);
        var type = (RecordType)Read16(message, ref at);
        var recordClass = Read16(message, ref at);
        var ttl = BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(at));
        at += 4;
        var length = Read16(message, ref at);
        var end = at + length;
        var data = type switch
        {
            RecordType.A or RecordType.AAAA => new IPAddress(message.AsSpan(at, length)).ToString(),
            RecordType.CNAME or RecordType.PTR or RecordType.NS => NameAt(message, ref at),
            RecordType.SRV => $"{Read16(message, ref at)} {Read16(message, ref at)} {Read16(message, ref at)} {Uncompressed(message, ref at)}",
            RecordType.SOA => $"{NameAt(message, ref at)} {NameAt(message, ref at)} {BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(at))}",
            RecordType.TXT or RecordType.HINFO => Texts(message.AsSpan(at, length)),
            RecordType.OPT => $"{recordClass}",
            _ => Convert.ToHexString(message.AsSpan(at, length)),
        };
        at = end;
        return $"{owner} {ttl} {type} {data}";
    }

    private static string Uncompressed(byte[] message, ref int at)
    {
        var start = at;
        var name = NameAt(message, ref at);
        Assert.Equal(name.Length + 1, at - start);
        return name;
    }

    private static string Texts(ReadOnlySpan<byte> data)
    {
        var texts = new List<string>();
        for (; data.Length > 0; data = data[(data[0] + 1)..])
        {
            texts.Add($"\"{Encoding.UTF8.GetString(data.Slice(1, data[0]))}\"");
        }

        return string.Join(' ', texts);
    }

    private static string NameAt(byte[] message, ref int at)
    {
        var text = new StringBuilder();
        var (position, jumps) = (at, 0);
        while (true)
        {
            var size = message[position];
            if (size >= 0xC0)
            {
                Assert.True(++jumps < 32, "pointers lead in a circle");
                at = jumps == 1 ? position + 2 : at;
                position = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(position)) & 0x3FFF;
                continue;
            }

            position += size + 1;
            if (size == 0)
            {
                at = jumps == 0 ? position : at;
                return text.Length == 0 ? "." : text.ToString();
            }

            text.Append(Encoding.ASCII.GetString(message, position - size, size)).Append('.');
        }
    }
}
