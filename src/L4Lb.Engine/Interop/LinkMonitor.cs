using System.Net.Sockets;
using System.Runtime.InteropServices;
using static L4Lb.Engine.Interop.NetlinkNative;

namespace L4Lb.Engine.Interop;

/// <summary>
/// Says when some network interface of this machine came, went or changed; <see cref="RouteNetlink.ReadLink"/> then says
/// what it is now. Listens from its making on, so that nothing is missed that happens after a first look. One caller.
/// </summary>
public sealed class LinkMonitor : IDisposable
{
    /// <summary>RTMGRP_LINK.</summary>
    private const uint LinkGroup = 1;

    /// <summary>What does not fit is cut off, and is not read anyway.</summary>
    private readonly byte[] _buffer = new byte[4096];

    private readonly Socket _socket = new(new SafeSocketHandle(Subscribe(), ownsHandle: true));

    /// <summary>Ends when something has changed since the last call, which it may have done more than once.</summary>
    /// <exception cref="OperationCanceledException">Nothing has until then.</exception>
    public async Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            // More changes than the socket holds: those are lost, and that there were some is known.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static unsafe int Subscribe()
    {
        var fd = NetlinkNative.Socket(AddressFamilyNetlink, SocketRaw | SocketCloseOnExec, NetlinkRoute);
        var address = new NetlinkAddress { Family = AddressFamilyNetlink, Groups = LinkGroup };
        if (fd >= 0 && Bind(fd, &address, sizeof(NetlinkAddress)) == 0)
        {
            return fd;
        }

        var errno = Marshal.GetLastPInvokeError();
        _ = Close(fd);
        throw new IOException($"netlink: {Marshal.GetPInvokeErrorMessage(errno)}");
    }
}
