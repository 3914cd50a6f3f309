using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace L4Lb.SystemTests.Support;

/// <summary>setns(2).</summary>
internal static partial class SwitchNamespace
{
    private const int Network = 0x4000_0000;

    /// <summary>Moves the calling thread, which has to be one that ends soon: it never comes back.</summary>
    public static void EnterNetwork(string path)
    {
        using var handle = File.OpenHandle(path);
        if (SetNamespace(handle, Network) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle space, int type);
}
