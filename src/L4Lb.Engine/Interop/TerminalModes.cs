using System.Runtime.InteropServices;

namespace L4Lb.Engine.Interop;

/// <summary>How a terminal treats what is typed (termios(3)). Immutable.</summary>
public sealed unsafe partial class TerminalModes
{
    // Larger than struct termios anywhere: nobody here looks into it.
    private const int Size = 256;

    private const int AfterOutput = 1; // TCSADRAIN

    private readonly byte[] _modes;

    private TerminalModes(byte[] modes) => _modes = modes;

    /// <summary>The modes of the terminal at <paramref name="descriptor"/>; null where there is none.</summary>
    public static TerminalModes? Of(int descriptor)
    {
        var modes = new byte[Size];
        fixed (byte* all = modes)
        {
            return Get(descriptor, all) == 0 ? new TerminalModes(modes) : null;
        }
    }

    /// <summary>Gives the terminal at <paramref name="descriptor"/> these modes, once all output is out. Without one, nothing.</summary>
    public void ApplyTo(int descriptor)
    {
        fixed (byte* all = _modes)
        {
            _ = Set(descriptor, AfterOutput, all);
        }
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int Get(int descriptor, byte* modes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int Set(int descriptor, int when, byte* modes);
}
