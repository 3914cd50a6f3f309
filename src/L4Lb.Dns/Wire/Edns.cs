namespace L4Lb.Dns.Wire;

/// <summary>What the sender of a message can do (RFC 6891).</summary>
/// <param name="IsKnown">Whether it said so at all.</param>
/// <param name="Version">The version of EDNS.</param>
/// <param name="Payload">Most bytes that it takes by UDP.</param>
internal readonly record struct Edns(bool IsKnown, int Version, int Payload)
{
    // What everybody takes (RFC 1035 §4.2.1); a smaller one that is asked for counts as this (RFC 6891 §6.2.3).
    private const int PayloadMin = 512;

    /// <summary>It did not say.</summary>
    internal static Edns Unknown { get; } = new(false, 0, PayloadMin);

    /// <summary>Reads all records that follow a question; false when they cannot be read.</summary>
    internal static bool TryRead(in DnsHeader header, ref MessageReader reader, out Edns edns)
    {
        edns = Unknown;
        Span<byte> owner = stackalloc byte[DnsName.WireBytesMax];
        for (var i = 0; i < header.Records; i++)
        {
            if (!reader.TryReadRecord(owner, out var record))
            {
                return false;
            }

            if (record.Type != RecordType.OPT)
            {
                continue;
            }

            // One, at the root, in the last section (RFC 6891 §6.1.1).
            if (edns.IsKnown || record.OwnerLength != 1 || i < header.Answers + header.Authorities)
            {
                return false;
            }

            edns = new Edns(true, (int)(record.Ttl >> 16) & 0xFF, Math.Max((int)record.Class, PayloadMin));
        }

        return true;
    }
}
