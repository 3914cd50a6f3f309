using System.Buffers;
using L4Lb.Engine.ProxyProtocol;
using static L4Lb.Engine.Tests.ProxyProtocol.Headers;

namespace L4Lb.Engine.Tests.ProxyProtocol;

/// <summary>Whatever a client sends, the parser answers: never by throwing, never with bytes that it was not given.</summary>
public sealed class ProxyHeaderFuzzTests
{
    private const int Rounds = 100_000;

    private static readonly byte[][] s_seeds =
    [
        Text("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\nGET / HTTP/1.1\r\n"),
        Text("PROXY TCP6 2001:db8::1 ::ffff:1.2.3.4 40000 80\r\n"),
        Text("PROXY UNKNOWN ffff:f::f 1 2\r\n\r\n"),
        V2Inet(),
        V2Inet6([.. Tlv(2, [.. "example.com"u8]), .. Tlv(5, new byte[20]), .. Tlv(0xEA, 1, 2, 3)]),
        WithChecksum(V2Inet([.. Tlv(1, 104, 50), .. Tlv(3, 0, 0, 0, 0), .. Tlv(4, new byte[9])])),
        V2(0x20, 0),
        V2(0x21, 0x31, [.. new byte[216], .. Tlv(0x30, 97)]),
    ];

    [Fact]
    public void Of_mutated_headers()
    {
        var random = new Random(20261121);
        var outcomes = new int[3];
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutate(random, [.. s_seeds[random.Next(s_seeds.Length)]]);

            // At the end of an array of its own size: one byte further would throw.
            var whole = Read(bytes);

            outcomes[(int)whole.Status]++;
            AssertSound(whole, bytes, round);
            Assert.Equal(whole, ProxyHeaderParser.Read(Segmented(random, bytes)));
            AssertGrowsTo(whole, bytes, random.Next(bytes.Length + 1), round);
        }

        Assert.All(outcomes, count => Assert.True(count > Rounds / 50, string.Join(", ", outcomes)));
    }

    [Fact]
    public void Of_noise()
    {
        var random = new Random(3);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            if (bytes.Length > 0)
            {
                bytes[0] = random.Next(2) == 0 ? (byte)'P' : (byte)'\r';
            }

            AssertSound(Read(bytes), bytes, round);
        }
    }

    [Fact]
    public void A_pipe_reader_is_told_what_was_consumed_and_examined()
    {
        byte[] header = V2Inet(Tlv(4, 1));
        foreach (var length in new[] { 0, 5, 16, header.Length - 1, header.Length, header.Length + 7 })
        {
            byte[] stream = [.. header, .. new byte[7]];
            var given = new ReadOnlySequence<byte>(stream[..length]);

            ProxyHeaderParser.Read(given, out var consumed, out var examined);

            var isDone = length >= header.Length;
            Assert.Equal(isDone ? header.Length : 0, given.GetOffset(consumed));
            Assert.Equal(isDone ? header.Length : length, given.GetOffset(examined));
        }
    }

    private static void AssertSound(in ProxyHeaderResult result, byte[] bytes, int round)
    {
        switch (result.Status)
        {
            case ProxyHeaderStatus.Done:
                Assert.InRange(result.Length, 15, Math.Min(bytes.Length, ProxyHeader.MostBytesV2));
                Assert.InRange(result.Header.Tlvs.Count, 0, result.Length - 15);
                Assert.Null(result.Problem);
                break;
            case ProxyHeaderStatus.NeedMore:
                Assert.True(bytes.Length < ProxyHeader.MostBytesV2, $"round {round} would read for ever");
                Assert.Null(result.Problem);
                break;
            default:
                Assert.False(string.IsNullOrEmpty(result.Problem));
                break;
        }
    }

    /// <summary>With fewer bytes it says the same, or that it needs more; never anything else.</summary>
    private static void AssertGrowsTo(in ProxyHeaderResult whole, byte[] bytes, int length, int round)
    {
        var part = Read(bytes[..length]);
        Assert.True(
            part.Status == ProxyHeaderStatus.NeedMore || part == whole,
            $"round {round}: {length} of {bytes.Length} bytes are {part}, all of them {whole}");
    }

    private static byte[] Mutate(Random random, List<byte> bytes)
    {
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)"0123456789 .:f\r\n"[random.Next(16)]);
                    break;
                case 4:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                default:
                    bytes.AddRange(new byte[random.Next(200)]);
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }

    private static ReadOnlySequence<byte> Segmented(Random random, byte[] bytes)
    {
        var first = new Segment(bytes.AsMemory(0, random.Next(bytes.Length + 1)), 0);
        var last = first;
        while (last.RunningIndex + last.Memory.Length < bytes.Length)
        {
            var start = (int)last.RunningIndex + last.Memory.Length;
            last = last.Append(bytes.AsMemory(start, random.Next(bytes.Length - start + 1)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(ReadOnlyMemory<byte> memory, long start)
        {
            Memory = memory;
            RunningIndex = start;
        }

        internal Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
