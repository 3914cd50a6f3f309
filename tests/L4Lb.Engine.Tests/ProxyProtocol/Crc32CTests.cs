using L4Lb.Engine.ProxyProtocol;

namespace L4Lb.Engine.Tests.ProxyProtocol;

public sealed class Crc32CTests
{
    /// <summary>RFC 3720, B.4 (its bytes are printed in the order of the wire), and the check value of the CRC catalogue.</summary>
    [Fact]
    public void Published_values()
    {
        Assert.Equal(0x8A9136AAu, Of(new byte[32]));
        Assert.Equal(0x62A8AB43u, Of([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0x113FDB5Cu, Of([.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))]));
        Assert.Equal(0xE3069283u, Of("123456789"u8));
    }

    [Fact]
    public void In_parts_is_the_same()
    {
        var checksum = new Crc32C();
        checksum.Append("1234"u8);
        checksum.Append(default);
        checksum.Append("56789"u8);

        Assert.Equal(0xE3069283u, checksum.Value);
    }

    private static uint Of(ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(Headers.SlowCrc32C(bytes), Compute(bytes));
        return Compute(bytes);
    }

    private static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var checksum = new Crc32C();
        checksum.Append(bytes);
        return checksum.Value;
    }
}
