using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace L4Lb.SystemTests.Support;

/// <summary>A client of one source port that asks a <see cref="DnsServer"/> who it is (RFC 1035, section 4).</summary>
internal sealed class DnsClient(IPEndPoint to) : IDisposable
{
    private const int HeaderBytes = 12;
    private const int TypeText = 16;
    private const int ClassInternet = 1;

    private readonly UdpClientSocket _socket = new(to);
    private ushort _id;

    /// <summary>A question for the TXT records of a name.</summary>
    public static byte[] Question(ushort id, string name)
    {
        var message = new List<byte>();
        Add(id);
        Add(0x0100); // A question; recursion is welcome.
        Add(1); // Questions; no answers and nothing else.
        Add(0);
        Add(0);
        Add(0);
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.Add(0);
        Add(TypeText);
        Add(ClassInternet);
        return [.. message];

        void Add(ushort value) => message.AddRange([(byte)(value >> 8), (byte)value]);
    }

    /// <summary>Asks once; returns the name of the server that answered, or null when none did in time.</summary>
    public Task<string?> AskAsync(TimeSpan? patience = null)
    {
        _id++;
        return AskAgainAsync(patience);
    }

    /// <summary>Sends the last question again, to the byte, as resolvers do.</summary>
    public async Task<string?> AskAgainAsync(TimeSpan? patience = null)
    {
        var question = Question(_id, DnsServer.WhoName);
        await _socket.SendAsync(question);
        while (await _socket.ReceiveAsync(patience) is { } answer)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(answer) == _id) // Else it is late.
            {
                return Text(answer, question.Length);
            }
        }

        return null;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The text of the one TXT record: behind the question stand a pointer to its name, type, class, age and two lengths.</summary>
    private static string Text(byte[] answer, int questionLength)
    {
        const int Response = 0x8000;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2));
        Assert.Equal((Response, 0), (flags & Response, flags & 0x000F));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)));
        var record = answer.AsSpan(questionLength);
        Assert.True(questionLength > HeaderBytes && BinaryPrimitives.ReadUInt16BigEndian(record[2..]) == TypeText);
        return Encoding.ASCII.GetString(record.Slice(13, record[12]));
    }
}
