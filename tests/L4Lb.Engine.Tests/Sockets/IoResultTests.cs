using L4Lb.Engine.Interop;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Tests.Sockets;

public sealed class IoResultTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void Bytes_are_a_success(int bytes)
    {
        var result = IoResult.Of(bytes);

        Assert.Equal((true, bytes, Errno.None, false), (result.Succeeded, result.Value, result.Error, result.WouldBlock));
    }

    [Theory]
    [InlineData((int)Errno.ECONNRESET, false)]
    [InlineData((int)Errno.EAGAIN, true)]
    public void An_errno_is_a_failure(int errno, bool wouldBlock)
    {
        var result = IoResult.Failure((Errno)errno);

        Assert.Equal((false, (Errno)errno, wouldBlock), (result.Succeeded, result.Error, result.WouldBlock));
        Assert.True(result.Value < 0);
    }

    [Fact]
    public unsafe void A_failed_call_gives_its_errno()
    {
        byte nothing = 0;

        Assert.Equal(Errno.EBADF, SocketIo.Receive(-1, &nothing, 1).Error);
    }
}
