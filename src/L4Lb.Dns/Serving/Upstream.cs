using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Serving;

/// <summary>Asks other servers, one after the other until one answers. Keeps nothing. Thread-safe.</summary>
/// <param name="servers">Whom to ask, at least one, in order.</param>
/// <param name="patience">How long each may take.</param>
/// <remarks>
/// Each question goes out with its own number, from a socket of its own, whose port the kernel draws (RFC 5452 §9), and only an
/// answer to the very question counts.
/// </remarks>
public sealed class Upstream(IReadOnlyList<IPEndPoint> servers, TimeSpan patience)
{
    /// <summary>Most questions that wait for an answer; each has a descriptor, and more would only wait longer.</summary>
    public const int WaitingMost = 1024;

    private const int Rounds = 2;

    private int _waiting;

    /// <summary>Asks; null when nobody answered, or too many wait.</summary>
    /// <param name="question">A message, whose number is not used.</param>
    /// <param name="byStream">Whether the answer may be longer than a datagram.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    /// <returns>The answer, with the number of the question.</returns>
    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> question, bool byStream, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMost)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            return await AskInTurnAsync(question, byStream, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<byte[]?> AskInTurnAsync(ReadOnlyMemory<byte> question, bool byStream, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var server in servers)
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                deadline.CancelAfter(patience);
                try
                {
                    var asked = question.ToArray();
                    RandomNumberGenerator.Fill(asked.AsSpan(0, sizeof(ushort)));
                    var answer = byStream
                        ? await AskByStreamAsync(server, asked, deadline.Token)
                        : await AskByDatagramAsync(server, asked, deadline.Token);
                    question.Span[..sizeof(ushort)].CopyTo(answer);
                    return answer;
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException or IOException)
                {
                    cancellationToken.ThrowIfCancellationRequested(); // Otherwise it is the next one's turn.
                }
            }
        }

        return null;
    }

    private static async Task<byte[]> AskByDatagramAsync(IPEndPoint server, byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(question, cancellationToken);
        var buffer = new byte[DnsResponder.MessageMax];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken);
            if (IsAnswerTo(question, buffer.AsSpan(0, length)))
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]> AskByStreamAsync(IPEndPoint server, byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        using var stream = new NetworkStream(socket);
        var framed = new byte[question.Length + sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
        question.CopyTo(framed, sizeof(ushort));
        await stream.WriteAsync(framed, cancellationToken);

        var size = new byte[sizeof(ushort)];
        await stream.ReadExactlyAsync(size, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return IsAnswerTo(question, answer) ? answer : throw new IOException($"{server} answered another question");
    }

    /// <summary>The same number, and the same question but for its case.</summary>
    private static bool IsAnswerTo(ReadOnlySpan<byte> question, ReadOnlySpan<byte> answer)
    {
        if (answer.Length < DnsHeader.Bytes || !answer[..2].SequenceEqual(question[..2]))
        {
            return false;
        }

        Span<byte> asked = stackalloc byte[DnsName.WireBytesMax];
        Span<byte> answered = stackalloc byte[DnsName.WireBytesMax];
        var ours = new MessageReader(question, DnsHeader.Bytes);
        var theirs = new MessageReader(answer, DnsHeader.Bytes);
        return DnsHeader.Read(answer) is { Questions: 1 } header && header.Has(HeaderFlags.Response)
            && ours.TryReadName(asked, out var askedLength) && theirs.TryReadName(answered, out var answeredLength)
            && ours.TryReadUInt32(out var askedType) && theirs.TryReadUInt32(out var answeredType)
            && askedType == answeredType && asked[..askedLength].SequenceEqual(answered[..answeredLength]);
    }
}
