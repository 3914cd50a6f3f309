using System.Runtime.InteropServices;
using L4Lb.Engine.Interop;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Client.Top;

/// <summary>
/// The terminal's other screen, without a cursor. The first one is given back while the program is suspended (Ctrl-Z), and when it is
/// disposed of.
/// </summary>
internal sealed class FullScreen : IDisposable
{
    // ECMA-48 and xterm's private modes.
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private const int Input = 0; // STDIN_FILENO

    private readonly ITerminal _terminal;
    private readonly TerminalModes? _before = TerminalModes.Of(Input);
    private readonly PosixSignalRegistration _suspend;
    private int _entries;

    /// <summary>Enters it. No key was read yet: how the terminal is now is how a shell wants it back.</summary>
    public FullScreen(ITerminal terminal)
    {
        _terminal = terminal;
        Show();
        _suspend = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Suspend);
    }

    /// <summary>How often it was entered: what was drawn before the last time is gone.</summary>
    public int Entries => Volatile.Read(ref _entries);

    /// <summary>Gives back the first screen, unless the terminal is gone.</summary>
    public void Dispose()
    {
        _suspend.Dispose();
        if (!_terminal.IsGone)
        {
            _terminal.Write(Leave);
        }
    }

    private void Suspend(PosixSignalContext signal)
    {
        signal.Cancel = true;
        var modes = TerminalModes.Of(Input);
        _terminal.Write(Leave);
        _before?.ApplyTo(Input);
        JobControl.Suspend();
        modes?.ApplyTo(Input);
        Show();
    }

    private void Show()
    {
        _terminal.Write(Enter);
        Interlocked.Increment(ref _entries);
    }
}
