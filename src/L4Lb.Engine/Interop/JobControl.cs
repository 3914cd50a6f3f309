using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>What a shell expects of a program at a terminal.</summary>
public static unsafe partial class JobControl
{
    private const int TerminalStop = 20; // SIGTSTP

    // Larger than struct sigaction anywhere. All zero it is SIG_DFL, without flags and with an empty mask.
    private const int ActionSize = 512;

    /// <summary>
    /// Stops as a program without a handler of SIGTSTP does, and returns when it goes on; at once where there is no shell that could
    /// take it up again (an orphaned process group). The runtime handles the signal itself and then goes on.
    /// </summary>
    public static void Suspend()
    {
        byte* standard = stackalloc byte[ActionSize];
        byte* before = stackalloc byte[ActionSize];
        new Span<byte>(standard, ActionSize).Clear();
        if (SetAction(TerminalStop, standard, before) != 0)
        {
            return;
        }

        // To this thread, so that it is not on its way any more when the handler is back.
        _ = Raise(TerminalStop);
        _ = SetAction(TerminalStop, before, null);
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SetAction(int signal, byte* action, byte* before);

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);
}
