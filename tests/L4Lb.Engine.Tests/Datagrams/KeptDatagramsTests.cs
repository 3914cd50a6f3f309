using L4Lb.Engine.Datagrams;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed class KeptDatagramsTests
{
    private readonly FlowRig _rig = new(ServiceRig.Spec53(9001));
    private KeptDatagram _kept;

    [Fact]
    public void The_first_is_kept_for_a_while_and_then_whatever_comes_next()
    {
        var copies = new KeptDatagrams(1 << 20);
        copies.Keep(ref _kept, _rig.Received("first"), number: 1, nowMs: 100);
        copies.Keep(ref _kept, _rig.Received("second"), number: 2, nowMs: 100 + KeptDatagrams.FreshMs);
        Assert.Equal("first"u8, _kept.Bytes);
        Assert.Equal((1, 100), (_kept.Number, _kept.ArrivedMs));

        copies.Keep(ref _kept, _rig.Received("third"), number: 3, nowMs: 101 + KeptDatagrams.FreshMs);
        Assert.Equal("third"u8, _kept.Bytes);
        Assert.Equal((3, 1, 256), (_kept.Number, copies.Rented, copies.RentedBytes));

        copies.Drop(ref _kept);
        copies.Drop(ref _kept);
        Assert.Equal((0, 0), (copies.Rented, copies.RentedBytes));
        Assert.Null(_kept.Buffer);
    }

    [Fact]
    public void It_is_a_copy()
    {
        var copies = new KeptDatagrams(1 << 20);
        var bytes = "abc"u8.ToArray();
        unsafe
        {
            fixed (byte* data = bytes)
            {
                copies.Keep(ref _kept, new Datagram(data, 3), number: 1, nowMs: 0);
            }
        }

        bytes[0] = (byte)'x';
        Assert.Equal("abc"u8, _kept.Bytes);
    }

    [Theory]
    [InlineData(0, 256)]
    [InlineData(256, 256)]
    [InlineData(257, 2048)]
    [InlineData(2048, 2048)]
    [InlineData(2049, 65536)]
    [InlineData(65507, 65536)]
    public void Buffers_come_in_three_sizes_and_are_used_again(int length, int size)
    {
        var copies = new KeptDatagrams(1 << 20);
        copies.Keep(ref _kept, _rig.Received(new string('x', length)), number: 1, nowMs: 0);
        var buffer = _kept.Buffer;
        Assert.Equal((size, length, size), (buffer!.Length, _kept.Bytes.Length, copies.RentedBytes));

        copies.Drop(ref _kept);
        copies.Keep(ref _kept, _rig.Received(new string('y', length)), number: 2, nowMs: 0);
        Assert.Same(buffer, _kept.Buffer);
    }

    [Fact]
    public void Beyond_the_bound_nothing_is_kept()
    {
        var copies = new KeptDatagrams(2048 + 256);
        var (large, third) = (default(KeptDatagram), default(KeptDatagram));
        copies.Keep(ref large, _rig.Received(new string('x', 1000)), number: 1, nowMs: 0);
        copies.Keep(ref _kept, _rig.Received("x"), number: 1, nowMs: 0);
        copies.Keep(ref third, _rig.Received("x"), number: 1, nowMs: 0);
        Assert.Equal((2, 2304), (copies.Rented, copies.RentedBytes));
        Assert.Null(third.Buffer);

        copies.Drop(ref large);
        copies.Keep(ref third, _rig.Received("x"), number: 1, nowMs: 0);
        Assert.NotNull(third.Buffer);
    }
}
