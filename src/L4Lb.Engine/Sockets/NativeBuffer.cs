using System.Runtime.InteropServices;

namespace L4Lb.Engine.Sockets;

/// <summary>Unmanaged memory for system calls: never moved, never pinned, never seen by the collector.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    internal NativeBuffer(int length)
    {
        Length = length;
        Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, 4096);
    }

    internal byte* Pointer { get; private set; }

    internal int Length { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
