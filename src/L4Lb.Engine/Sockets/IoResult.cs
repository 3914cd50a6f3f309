using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Sockets;

/// <summary>What a non-blocking socket call came to: bytes, or an errno. Expected failures are values, never exceptions.</summary>
internal readonly struct IoResult
{
    private readonly int _value;

    private IoResult(int value) => _value = value;

    /// <summary>Bytes moved, or the descriptor that was made.</summary>
    internal int Value => _value;

    internal Errno Error => _value < 0 ? (Errno)(-_value) : Errno.None;

    /// <summary>The call succeeded; for a read, with zero bytes when the peer has finished.</summary>
    internal bool Succeeded => _value >= 0;

    /// <summary>Nothing can be done until the socket is ready.</summary>
    internal bool WouldBlock => _value == -(int)Errno.EAGAIN;

    internal static IoResult Of(nint result) => result >= 0 ? new IoResult((int)result) : Failure(LastError.Get());

    internal static IoResult Failure(Errno error) => new(-(int)error);
}
