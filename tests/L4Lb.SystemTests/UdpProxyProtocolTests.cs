using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using L4Lb.SystemTests.Support;
using L4Lb.Testing;

namespace L4Lb.SystemTests;

/// <summary>PROXY protocol v2 in front of datagrams, read by the letter of its specification (HAProxy's proxy-protocol.txt, 2.2).</summary>
public sealed class UdpProxyProtocolTests
{
    private const int Clients = 10;

    private static readonly byte[] s_signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.77", "first")]
    [InlineData("127.0.0.1", "127.0.0.77", "each")]
    [InlineData("::1", "::1", "first")]
    [InlineData("::1", "::1", "each")]
    public async Task A_backend_learns_who_asked_whom(string service, string from, string on)
    {
        var isEach = on == "each";
        var at = new IPEndPoint(service == "::1" ? IPAddress.IPv6Loopback : IPAddress.Parse("127.0.0.11"), Loopback.FreePort());
        await using var backend = new UdpBackend(at, AnswerWithHeader);
        await using var site = await UdpSite.StartAsync(
            IPAddress.Parse(service), [], [at], [], ("proxy-protocol", "v2"), ("udp", $"proxy-header={on}"));

        // All open until the end: a port that is used again would be the same flow.
        var clients = Enumerable.Range(0, Clients).Select(_ => new UdpClientSocket(site.Service, IPAddress.Parse(from))).ToList();
        foreach (var socket in clients)
        {
            for (var i = 0; i < 5; i++)
            {
                var header = i == 0 || isEach ? $"{socket.LocalEndPoint} {site.Service}" : "none";
                Assert.Equal($"{header} question {i}", await AskAsync(socket, $"question {i}"));
            }
        }

        clients.ForEach(client => client.Dispose());
        await site.L4Lb.StopAsync();
        var bytes = (await site.AccessLogAsync(lines: Clients)).Select(line => (long)line["bytes_in"]!);
        Assert.All(bytes, b => Assert.Equal(5 * "question 0".Length, b)); // The header is ours.
    }

    [Fact]
    public async Task A_datagram_that_is_sent_again_has_its_header_again()
    {
        var endPoints = UdpBackend.EndPoints(2); // Nobody listens at the second.
        await using var backend = new UdpBackend(endPoints[0], AnswerWithHeader);
        await using var site = await UdpSite.StartAsync(endPoints, ("proxy-protocol", "v2"), ("outlier-detection", "none"));

        var clients = Enumerable.Range(0, Clients).Select(_ => new UdpClientSocket(site.Service)).ToList();
        foreach (var socket in clients)
        {
            Assert.Equal($"{socket.LocalEndPoint} {site.Service} question", await AskAsync(socket, "question"));
            Assert.Equal("none question", await AskAsync(socket, "question"));
        }

        clients.ForEach(client => client.Dispose());
        await site.L4Lb.StopAsync();
        Assert.Contains(await site.AccessLogAsync(lines: Clients), line => (int)line["attempts"]! == 2);
    }

    private static async Task<string?> AskAsync(UdpClientSocket socket, string question)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(question));
        return await socket.ReceiveAsync() is { } answer ? Encoding.ASCII.GetString(answer) : null;
    }

    /// <summary>What the header says, or "none", and the rest.</summary>
    private static byte[] AnswerWithHeader(UdpReceived received)
    {
        var datagram = received.Bytes.AsSpan();
        if (!datagram.StartsWith(s_signature))
        {
            return [.. "none "u8, .. datagram];
        }

        const byte Version2Proxy = 0x21;
        const byte DatagramsOverIPv4 = 0x12;
        const byte DatagramsOverIPv6 = 0x22;
        var addressBytes = received.From.AddressFamily == AddressFamily.InterNetwork ? 4 : 16;
        var expected = new[] { Version2Proxy, addressBytes == 4 ? DatagramsOverIPv4 : DatagramsOverIPv6 };
        if (!datagram[12..14].SequenceEqual(expected))
        {
            return [.. "wrong "u8, .. datagram];
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[14..]);
        var addresses = datagram.Slice(16, length);
        var ports = addresses[(2 * addressBytes)..];
        var client = new IPEndPoint(new IPAddress(addresses[..addressBytes]), BinaryPrimitives.ReadUInt16BigEndian(ports));
        var asked = new IPEndPoint(new IPAddress(addresses.Slice(addressBytes, addressBytes)), BinaryPrimitives.ReadUInt16BigEndian(ports[2..]));
        return [.. Encoding.ASCII.GetBytes($"{client} {asked} "), .. datagram[(16 + length)..]];
    }
}
