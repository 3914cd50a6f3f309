using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>
/// A program in a process group of its own, which the framework's Process cannot give it: whatever it starts in turn can
/// then be ended with it. Its standard streams are /dev/null; signals are as a new program expects them.
/// </summary>
internal static unsafe partial class ChildProcess
{
    /// <summary>The exit code of a program that somebody else has waited for.</summary>
    internal const int Unknown = -1;

    private const string Library = "libc";

    // glibc's and musl's types take less than 400 bytes on every architecture.
    private const int OpaqueBytes = 1024;

    private const short SetGroupAndSignals = 0x02 | 0x04 | 0x08; // POSIX_SPAWN_SETPGROUP | SETSIGDEF | SETSIGMASK
    private const int ReadWrite = 2; // O_RDWR
    private const int NoHang = 1; // WNOHANG
    private const int Kill = 9; // SIGKILL

    /// <summary>Starts a program, named by its path, with its arguments and environment. Returns why it could not be.</summary>
    internal static Errno Spawn(string[] command, string[] environment, out int id)
    {
        var attributes = stackalloc byte[OpaqueBytes];
        var actions = stackalloc byte[OpaqueBytes];
        var signals = stackalloc byte[OpaqueBytes];
        _ = InitAttributes(attributes);
        _ = InitActions(actions);
        var arguments = ToNative(command);
        var variables = ToNative(environment);
        try
        {
            _ = SetFlags(attributes, SetGroupAndSignals);
            _ = SetGroup(attributes, 0);
            _ = FillSignals(signals);
            _ = SetDefaultSignals(attributes, signals);
            _ = EmptySignals(signals);
            _ = SetSignalMask(attributes, signals);
            for (var fd = 0; fd <= 2; fd++)
            {
                _ = AddOpen(actions, fd, "/dev/null", ReadWrite, 0);
            }

            int child;
            var error = (Errno)PosixSpawn(&child, command[0], actions, attributes, arguments, variables);
            id = child;
            return error;
        }
        finally
        {
            Free(arguments, command.Length);
            Free(variables, environment.Length);
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
        }
    }

    /// <summary>Whether the program has ended, and how: its exit code, or 128 and the signal that ended it.</summary>
    internal static bool TryWait(int id, out int status)
    {
        int wait;
        var result = WaitPid(id, &wait, NoHang);
        var signal = wait & 0x7F;
        status = result < 0 ? Unknown : signal == 0 ? (wait >> 8) & 0xFF : 128 + signal;
        return result != 0;
    }

    /// <summary>Kills the program, which has not been waited for, and what else is in its group.</summary>
    internal static void KillGroup(int id) => _ = KillProcess(-id, Kill);

    private static byte** ToNative(string[] texts)
    {
        var array = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Length; i++)
        {
            array[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return array;
    }

    private static void Free(byte** array, int length)
    {
        for (var i = 0; i < length; i++)
        {
            Marshal.FreeCoTaskMem((nint)array[i]);
        }

        NativeMemory.Free(array);
    }

    [LibraryImport(Library, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(int* id, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(byte* attributes, int group);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaultSignals(byte* attributes, byte* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetSignalMask(byte* attributes, byte* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int fd, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "sigfillset")]
    private static partial int FillSignals(byte* signals);

    [LibraryImport(Library, EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int id, int* status, int options);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    private static partial int KillProcess(int id, int signal);
}
