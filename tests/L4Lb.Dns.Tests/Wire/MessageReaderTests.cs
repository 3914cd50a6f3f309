using L4Lb.Dns.Wire;

namespace L4Lb.Dns.Tests.Wire;

public class MessageReaderTests
{
    [Theory]
    [InlineData("0161016200", 0, "a.b.", 5)]
    [InlineData("00", 0, ".", 1)]
    [InlineData("0141", 0, null, 0)] // Ends in a label.
    [InlineData("016101", 0, null, 0)]
    [InlineData("", 0, null, 0)]
    [InlineData("4061", 0, null, 0)] // Kinds of label that never came to be (RFC 6891 §5).
    [InlineData("8061", 0, null, 0)]
    [InlineData("C000", 0, null, 0)] // Itself.
    [InlineData("0161C000", 0, null, 0)] // Its own beginning: without end.
    [InlineData("C002C000", 0, null, 0)] // Forwards.
    [InlineData("C0", 0, null, 0)]
    [InlineData("016100" + "0162C000", 3, "b.a.", 7)]
    [InlineData("016100" + "0162C000" + "0163C003", 7, "c.b.a.", 11)] // From one to the next.
    [InlineData("016100" + "C000" + "C003", 5, "a.", 7)]
    public void Names_are_followed_backwards_alone(string hex, int from, string? name, int next)
    {
        var reader = new MessageReader(Convert.FromHexString(hex), from);
        Span<byte> wire = stackalloc byte[DnsName.WireBytesMax];
        var found = reader.TryReadName(wire, out var length);
        Assert.Equal(name, found ? DnsName.Print(wire[..length]) : null);
        Assert.Equal(found ? next : reader.Offset, reader.Offset);
    }

    [Fact]
    public void Upper_case_becomes_lower()
    {
        Span<byte> wire = stackalloc byte[DnsName.WireBytesMax];
        Assert.True(new MessageReader([3, (byte)'W', (byte)'e', (byte)'B', 0], 0).TryReadName(wire, out var length));
        Assert.Equal("web.", DnsName.Print(wire[..length]));
    }

    [Fact]
    public void A_name_that_pointers_make_too_long_is_none()
    {
        // Four labels of 63 bytes: each fits, and together they are longer than a name may be.
        var message = new List<byte> { 0 };
        var before = 0;
        for (var i = 0; i < 4; i++)
        {
            var at = message.Count;
            message.AddRange([63, .. Enumerable.Repeat((byte)'a', 63), 0xC0, (byte)before]);
            before = at;
        }

        Span<byte> wire = stackalloc byte[DnsName.WireBytesMax];
        Assert.False(new MessageReader([.. message], before).TryReadName(wire, out _));
    }

    [Fact]
    public void A_record_whose_data_is_not_there_is_none()
    {
        Span<byte> owner = stackalloc byte[DnsName.WireBytesMax];
        byte[] record = [0, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 1, 2, 3, 4];
        var whole = new MessageReader(record, 0);
        Assert.True(whole.TryReadRecord(owner, out var read));
        Assert.Equal(new ResourceRecord(1, RecordType.A, 1, 5, 11, 4), read);
        for (var length = 0; length < record.Length; length++)
        {
            Assert.False(new MessageReader(record.AsSpan(0, length), 0).TryReadRecord(owner, out _));
        }
    }
}
