using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>The errno values that the data plane tells apart (asm-generic; the same on x86-64 and arm64).</summary>
internal enum Errno
{
    None = 0,
    EPERM = 1,
    EINTR = 4,
    EIO = 5,
    EBADF = 9,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EINVAL = 22,
    ENFILE = 23,
    EMFILE = 24,
    ENOSPC = 28,
    EPIPE = 32,
    ENOSYS = 38,
    EPROTO = 71,
    ENOTSOCK = 88,
    EMSGSIZE = 90,
    EADDRINUSE = 98,
    EADDRNOTAVAIL = 99,
    ENETDOWN = 100,
    ENETUNREACH = 101,
    ECONNABORTED = 103,
    ECONNRESET = 104,
    ENOBUFS = 105,
    ETIMEDOUT = 110,
    ECONNREFUSED = 111,
    EHOSTUNREACH = 113,
    EINPROGRESS = 115,
}

/// <summary>Reads errno as an <see cref="Errno"/>.</summary>
internal static class LastError
{
    /// <summary>The errno of the last failed call of <see cref="Libc"/> on this thread.</summary>
    internal static Errno Get() => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>The C library's sentence for <paramref name="errno"/>.</summary>
    internal static string Describe(Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);
}
