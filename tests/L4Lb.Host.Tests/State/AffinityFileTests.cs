using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.State;

namespace L4Lb.Host.Tests.State;

public sealed class AffinityFileTests
{
    private static readonly DateTimeOffset s_savedAt = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);

    [Fact]
    public void What_is_written_is_read()
    {
        AffinityTableState[] tables =
        [
            new(new ServiceKey("default", "web", "http"), [Entry("192.0.2.1", "10.0.0.1:80", 0), Entry("2001:db8::", "[2001:db8::1]:8080", 86_400_000)]),
            new(new ServiceKey("größer", "sämtliche", ""), [Entry("255.255.255.255", "10.255.255.255:65535", long.MaxValue)]),
            new(new ServiceKey("a", "b", "none"), []),
        ];

        var (savedAt, read) = AffinityFile.Read(Written(tables));

        Assert.Equal(s_savedAt, savedAt);
        Assert.Equal(tables.Select(t => t.Key), read.Select(t => t.Key));
        Assert.Equal(tables.Select(t => t.Entries), read.Select(t => t.Entries));
    }

    [Fact]
    public void Its_bytes_stay_what_they_are()
    {
        var file = Written(new AffinityTableState(new ServiceKey("n", "s", "p"), [Entry("192.0.2.1", "10.0.0.1:80", 258)]));

        const string Expected = "4C344C6220616666696E6974790A" // The name of the format,
            + "01000000" // the version,
            + "65ECAC219C010000" // milliseconds since 1970,
            + "016E" + "0173" + "0170" + "01000000" // a table and its number of entries,
            + "010200C0FFFF00000000000000000000" + "0100000AFFFF00000000000000000000" + "5000" + "0201000000000000";
        Assert.Equal(Expected, Convert.ToHexString(file.AsSpan(..^32)));
        Assert.Equal(SHA256.HashData(file.AsSpan(..^32)), file[^32..]);
    }

    [Fact]
    public void A_file_that_was_cut_off_anywhere_is_refused()
    {
        var file = Written(Table());
        for (var length = 0; length < file.Length; length++)
        {
            Assert.Throws<FormatException>(() => AffinityFile.Read(file[..length]));
        }

        Assert.Throws<FormatException>(() => AffinityFile.Read([.. file, 0]));
    }

    [Fact]
    public void A_file_in_which_any_bit_is_wrong_is_refused()
    {
        var file = Written(Table());
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<FormatException>(() => AffinityFile.Read(file));
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        AffinityFile.Read(file);
    }

    [Fact]
    public void Another_version_is_named_whatever_comes_behind_it()
    {
        var file = Written(Table());
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 2);

        Assert.Equal("its version is 2, this program reads 1", Assert.Throws<FormatException>(() => AffinityFile.Read(file)).Message);
    }

    [Theory]
    [InlineData(36, "FFFFFF7F")] // More entries than there are bytes.
    [InlineData(36, "FFFFFFFF")]
    [InlineData(74, "FFFFFFFFFFFFFFFF")] // An age below zero.
    [InlineData(26, "FFFFFFFFFF")] // A name of no sensible length.
    [InlineData(26, "FFFFFFFF0F")]
    [InlineData(27, "FF")] // A name that is no UTF-8.
    [InlineData(18, "FFFFFFFFFFFFFF7F")] // A time that no calendar has.
    public void Nonsense_with_a_right_checksum_is_refused(int at, string bytes)
    {
        var file = Written(Table());
        Convert.FromHexString(bytes).CopyTo(file, at);
        SHA256.HashData(file.AsSpan(..^32)).CopyTo(file, file.Length - 32);

        Assert.Throws<FormatException>(() => AffinityFile.Read(file));
    }

    private static AffinityTableState Table() =>
        new(new ServiceKey("n", "web", "p"), [Entry("192.0.2.1", "10.0.0.1:80", 1), Entry("192.0.2.2", "10.0.0.2:80", 2)]);

    private static AffinityEntryState Entry(string client, string backend, long idleMs) =>
        new(AddressKey.From(IPAddress.Parse(client), 0).Address, AddressKey.From(IPEndPoint.Parse(backend)), idleMs);

    private static byte[] Written(params IEnumerable<AffinityTableState> tables)
    {
        var stream = new MemoryStream();
        AffinityFile.Write(stream, s_savedAt, tables);
        return stream.ToArray();
    }
}
