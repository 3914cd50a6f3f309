using System.Net;
using System.Text;

namespace L4Lb.Dns.Wire;

/// <summary>What a record says. Immutable.</summary>
public abstract class RecordData
{
    /// <summary>Writes it; false when it does not fit.</summary>
    internal abstract bool TryWrite(ref MessageWriter writer);
}

/// <summary>An address, of either family (RFC 1035 §3.4.1, RFC 3596 §2.2).</summary>
/// <param name="address">The address.</param>
public sealed class AddressData(IPAddress address) : RecordData
{
    private readonly byte[] _bytes = address.GetAddressBytes();

    /// <summary>The type of a record that says it.</summary>
    public RecordType Type => _bytes.Length == 4 ? RecordType.A : RecordType.AAAA;

    internal override bool TryWrite(ref MessageWriter writer) => writer.TryWriteBytes(_bytes);

    /// <inheritdoc/>
    public override string ToString() => new IPAddress(_bytes).ToString();
}

/// <summary>A name: of a CNAME, PTR or NS (RFC 1035 §3.3).</summary>
/// <param name="name">The name.</param>
public sealed class NameData(DnsName name) : RecordData
{
    /// <summary>The name.</summary>
    public DnsName Name { get; } = name;

    internal override bool TryWrite(ref MessageWriter writer) => writer.TryWriteName(Name.Wire);

    /// <inheritdoc/>
    public override string ToString() => Name.ToString();
}

/// <summary>Where a service is (RFC 2782). Its target is never compressed: the RFC forbids it.</summary>
/// <param name="priority">Lower ones come first.</param>
/// <param name="weight">Share among those of one priority.</param>
/// <param name="port">The port.</param>
/// <param name="target">The host.</param>
public sealed class ServiceData(ushort priority, ushort weight, ushort port, DnsName target) : RecordData
{
    /// <summary>The host.</summary>
    public DnsName Target { get; } = target;

    internal override bool TryWrite(ref MessageWriter writer) =>
        writer.TryWriteUInt16(priority) && writer.TryWriteUInt16(weight) && writer.TryWriteUInt16(port)
        && writer.TryWriteBytes(Target.Wire);

    /// <inheritdoc/>
    public override string ToString() => $"{priority} {weight} {port} {Target}";
}

/// <summary>Texts of at most 255 bytes each: of a TXT or HINFO (RFC 1035 §3.3.14, §3.3.2).</summary>
/// <param name="texts">The texts.</param>
public sealed class TextData(params string[] texts) : RecordData
{
    private readonly byte[][] _texts = [.. texts.Select(Encoding.UTF8.GetBytes)];

    internal override bool TryWrite(ref MessageWriter writer)
    {
        foreach (var text in _texts)
        {
            if (!writer.TryWriteBytes([(byte)text.Length]) || !writer.TryWriteBytes(text))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _texts.Select(static text => $"\"{Encoding.UTF8.GetString(text)}\""));
}

/// <summary>The beginning of a zone (RFC 1035 §3.3.13).</summary>
/// <param name="server">Its first name server.</param>
/// <param name="mailbox">Who looks after it.</param>
/// <param name="serial">Its version.</param>
/// <param name="minimum">How long it may be kept that something is not there, in seconds (RFC 2308 §4).</param>
public sealed class StartData(DnsName server, DnsName mailbox, uint serial, uint minimum) : RecordData
{
    // Nobody transfers the zone, so these are for show: CoreDNS's.
    private const uint RefreshSeconds = 7200;
    private const uint RetrySeconds = 1800;
    private const uint ExpireSeconds = 86400;

    internal override bool TryWrite(ref MessageWriter writer) =>
        writer.TryWriteName(server.Wire) && writer.TryWriteName(mailbox.Wire) && writer.TryWriteUInt32(serial)
        && writer.TryWriteUInt32(RefreshSeconds) && writer.TryWriteUInt32(RetrySeconds) && writer.TryWriteUInt32(ExpireSeconds)
        && writer.TryWriteUInt32(minimum);

    /// <inheritdoc/>
    public override string ToString() => $"{server} {mailbox} {serial} {RefreshSeconds} {RetrySeconds} {ExpireSeconds} {minimum}";
}

/// <summary>Bytes as another server gave them, of a type whose data has no names in it.</summary>
/// <param name="bytes">The bytes.</param>
internal sealed class RawData(byte[] bytes) : RecordData
{
    internal override bool TryWrite(ref MessageWriter writer) => writer.TryWriteBytes(bytes);
}
