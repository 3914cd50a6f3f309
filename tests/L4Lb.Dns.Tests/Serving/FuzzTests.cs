using L4Lb.Dns.Serving;
using L4Lb.Dns.Wire;
using static L4Lb.Dns.Tests.Questions;

namespace L4Lb.Dns.Tests.Serving;

/// <summary>Whatever comes, an answer is one, and no longer than was asked for.</summary>
public class FuzzTests
{
    private const int Packets = 200_000;
    private const int ManyPackets = 10_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_questions_are_answered_or_dropped(int seed) => AskAll(seed, Packets);

    /// <summary>A minute's work, for when the reader or the writer has changed: <c>-explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public void Ten_million_mutated_questions_are_answered_or_dropped() => AskAll(Environment.TickCount, ManyPackets);

    private static void AskAll(int seed, int packets)
    {
        var zone = Cluster();
        for (var i = 0; i < 100; i++)
        {
            zone.Add(Name("many.cluster.local"), RecordType.A, Address($"10.0.0.{i}"));
            zone.Add(Name("_p._tcp.many.cluster.local"), RecordType.SRV, new ServiceData(0, 1, (ushort)i, Name($"h{i}.many.cluster.local")));
            zone.Add(Name($"h{i}.many.cluster.local"), RecordType.A, Address($"10.0.0.{i}"));
        }

        var responder = Responder(asksOthers: true, zone);
        var mutator = new PacketMutator(
            new Random(seed),
            Ask("many.cluster.local", RecordType.A, payload: 4096),
            Ask("_p._tcp.many.cluster.local", RecordType.SRV, payload: 1232),
            Ask("many.cluster.local", RecordType.Any),
            Ask("www.example.com", RecordType.AAAA));
        var room = new byte[DnsResponder.MessageMax];
        for (var i = 0; i < packets; i++)
        {
            var packet = mutator.Next();
            var asker = i % 2 == 0 ? ByDatagram : ByStream;
            var verdict = responder.Answer(packet, asker, room, out var length);
            Assert.True(verdict == Verdict.Answered ? length >= 12 : length == 0);
            Assert.InRange(length, 0, asker.ByDatagram ? DnsResponder.DatagramMax : room.Length);
            if (length > 0 && i % 16 == 0)
            {
                _ = Answer.Read(room[..length]); // Asserts that it can be read to its end.
            }

            var shortest = DnsResponder.Truncate(packet, room);
            Assert.InRange(shortest, 0, Math.Max(packet.Length, 12));
        }
    }

    [Theory]
    [InlineData(3)]
    public void Mutated_answers_of_others_are_read_or_not(int seed)
    {
        var zone = Cluster();
        zone.Add(Name("a.cluster.local"), RecordType.CNAME, new NameData(Name("b.cluster.local")));
        zone.Add(Name("b.cluster.local"), RecordType.A, Address("10.0.0.1")).Add(Name("b.cluster.local"), RecordType.A, Address("10.0.0.2"));
        var responder = Responder(zones: zone);
        var mutator = new PacketMutator(new Random(seed), responder.AskRaw(Ask("a.cluster.local", RecordType.A, 1232), ByDatagram));
        for (var i = 0; i < Packets; i++)
        {
            var others = OtherAnswer.Read(mutator.Next());
            Assert.InRange(others.Records.Count, 0, 64);
        }
    }
}

/// <summary>Makes packets that are nearly right, which is where readers go wrong.</summary>
internal sealed class PacketMutator(Random dice, params byte[][] seeds)
{
    // Lengths and pointers at their edges.
    private static readonly byte[] s_edges = [0, 1, 0x3F, 0x40, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xFF, 12, 0x0C];

    public byte[] Next()
    {
        var packet = seeds[dice.Next(seeds.Length)].ToList();
        for (var changes = dice.Next(1, 6); changes > 0; changes--)
        {
            var at = dice.Next(packet.Count + 1);
            switch (dice.Next(6))
            {
                case 0 when at < packet.Count:
                    packet[at] = (byte)dice.Next(256);
                    break;
                case 1 when at < packet.Count:
                    packet[at] = s_edges[dice.Next(s_edges.Length)];
                    break;
                case 2:
                    packet.RemoveRange(at, packet.Count - at);
                    break;
                case 3:
                    packet.InsertRange(at, packet.Skip(dice.Next(packet.Count + 1)).Take(dice.Next(40)).ToArray());
                    break;
                case 4:
                    packet.InsertRange(at, [0xC0, (byte)dice.Next(packet.Count + 2)]);
                    break;
                case 5 when packet.Count > 4:
                    packet[4 + (dice.Next(8) % (packet.Count - 4))] = (byte)dice.Next(4);
                    break;
            }
        }

        return [.. packet];
    }
}
