using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>Event bits and operations of epoll(7).</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    In = 0x1,
    Urgent = 0x2,
    Out = 0x4,
    Error = 0x8,
    HangUp = 0x10,
    ReadHangUp = 0x2000,
    EdgeTriggered = 1u << 31,
}

/// <summary>
/// <c>struct epoll_event</c>, which the kernel packs to 12 bytes on x86-64 and aligns to 16 elsewhere
/// (include/uapi/linux/eventpoll.h, EPOLL_PACKED), written at computed offsets because a C# layout is fixed.
/// </summary>
internal static unsafe class EpollEvent
{
    internal const int Add = 1;
    internal const int Delete = 2;
    internal const int Modify = 3;

    private static readonly bool s_packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Bytes of one event.</summary>
    internal static int Size => s_packed ? 12 : 16;

    internal static EpollEvents Events(byte* item) => *(EpollEvents*)item;

    internal static ulong Data(byte* item) => *(ulong*)(item + (s_packed ? 4 : 8));

    internal static void Set(byte* item, EpollEvents events, ulong data)
    {
        *(EpollEvents*)item = events;
        *(ulong*)(item + (s_packed ? 4 : 8)) = data;
    }
}
