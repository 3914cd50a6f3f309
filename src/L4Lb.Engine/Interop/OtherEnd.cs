using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>Who is at the other end of a descriptor.</summary>
public static unsafe class OtherEnd
{
    private const short PollError = 0x8;
    private const short PollHangUp = 0x10;

    /// <summary>
    /// Whether nobody is there any more: a pipe that nobody reads, a terminal that hung up (poll(2): POLLERR and POLLHUP, which are
    /// told unasked). Never waits; writing nothing would not find out, since pipes accept that from anybody.
    /// </summary>
    public static bool IsGone(int descriptor)
    {
        var asked = new PollDescriptor { Descriptor = descriptor };
        return Libc.Poll(&asked, 1, timeoutMs: 0) > 0 && (asked.Happened & (PollError | PollHangUp)) != 0;
    }
}

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal int Descriptor;
    internal short Wanted;
    internal short Happened;
}

/// <summary><c>struct timespec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    internal nint Seconds;
    internal nint Nanoseconds;
}
