using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;

namespace L4Lb.Dns.Serving;

/// <summary>Finds what the zones say to a question (RFC 1034 §4.3.2), following names that are other words for one of theirs.</summary>
internal static class ZoneAnswer
{
    /// <summary>Most names that are followed from one to the next.</summary>
    internal const int ChainMost = 8;

    // RFC 8482 §4.2: what is said to whoever wants all, which is mostly those who want somebody else to have all.
    private static readonly RecordSet s_any = new(RecordType.HINFO, 8482, [new TextData("RFC8482", "")]);

    /// <summary>Writes the answer; tells how it fared, and whether it ends at a name of somebody else.</summary>
    internal static (ResponseCode Code, bool Follow) Write(
        ZoneSet zones, Zone zone, in DnsQuestion question, in Asker asker, OtherAnswer? others, ref Reply reply)
    {
        reply.IsAuthoritative = true;
        var name = question.Name;
        for (var i = 0; i < ChainMost; i++)
        {
            if (zone.Find(name) is not { } node)
            {
                reply.Deny(zone);
                return (ResponseCode.NameError, false);
            }

            if (node.Find(RecordType.CNAME) is not { } other || question.Type is RecordType.CNAME or RecordType.Any)
            {
                WriteRecords(zones, zone, node, name, question.Type, asker, ref reply);
                return (ResponseCode.NoError, false);
            }

            reply.Answer(name, other, 0);
            name = ((NameData)other.Data[0]).Name.Wire;
            if (zones.Find(name) is not { } next)
            {
                return Leave(question.Type, others, ref reply);
            }

            zone = next;
        }

        return (ResponseCode.ServerFailure, false); // Names that stand for each other in a circle.
    }

    /// <summary>The name is somebody else's from here on: clients that want addresses want to hear them in one go.</summary>
    private static (ResponseCode Code, bool Follow) Leave(RecordType type, OtherAnswer? others, ref Reply reply)
    {
        if (type is not (RecordType.A or RecordType.AAAA))
        {
            return (ResponseCode.NoError, false);
        }

        foreach (var (owner, record, ttl, data) in others?.Records ?? [])
        {
            reply.Answer(owner, record, ttl, data);
        }

        return (others?.Code ?? ResponseCode.NoError, true);
    }

    private static void WriteRecords(
        ZoneSet zones, Zone zone, ZoneNode node, ReadOnlySpan<byte> name, RecordType type, in Asker asker, ref Reply reply)
    {
        var set = type == RecordType.Any ? s_any : node.Find(type) ?? OwnAddress(zone, name, type, asker);
        if (set is null)
        {
            reply.Deny(zone);
            return;
        }

        reply.Answer(name, set, asker.Turn);
        if (type == RecordType.SRV)
        {
            foreach (var data in set.Data)
            {
                Suggest(zones, ((ServiceData)data).Target, ref reply);
            }
        }
        else if (type == RecordType.NS)
        {
            reply.Suggest(zone.NameServer.Wire, OwnAddress(zone, zone.NameServer.Wire, TypeOf(asker), asker));
        }
    }

    private static void Suggest(ZoneSet zones, DnsName target, ref Reply reply)
    {
        var node = zones.Find(target.Wire)?.Find(target.Wire);
        reply.Suggest(target.Wire, node?.Find(RecordType.A));
        reply.Suggest(target.Wire, node?.Find(RecordType.AAAA));
    }

    /// <summary>The name server has the address at which it was asked: whatever that is, it works for who asked.</summary>
    private static RecordSet? OwnAddress(Zone zone, ReadOnlySpan<byte> name, RecordType type, in Asker asker) =>
        type == TypeOf(asker) && name.SequenceEqual(zone.NameServer.Wire)
            ? new RecordSet(type, zone.Start.Ttl, [new AddressData(asker.Local.ToIPAddress())])
            : null;

    private static RecordType TypeOf(in Asker asker) => asker.Local.IsIPv4 ? RecordType.A : RecordType.AAAA;
}
