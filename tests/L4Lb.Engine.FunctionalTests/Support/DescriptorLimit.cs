using System.Runtime.InteropServices;

namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>
/// Lets this process open no descriptor more, until disposed: the limit is lowered to what is open, and the gaps below
/// it are filled. Nothing is opened or closed meanwhile but by the test, since no other runs.
/// </summary>
internal sealed unsafe partial class DescriptorLimit : IDisposable
{
    private const int NoFile = 7;
    private const int DuplicateFrom = 0;

    private readonly ulong[] _before = new ulong[2];
    private readonly Stack<int> _fillers = new();

    internal DescriptorLimit()
    {
        fixed (ulong* before = _before)
        {
            Assert.Equal(0, GetLimit(NoFile, before));
        }

        var lowered = stackalloc ulong[2] { (ulong)OpenDescriptors.Highest() + 2, _before[1] };
        Assert.Equal(0, SetLimit(NoFile, lowered));
        while (Control(0, DuplicateFrom, 0) is var filler and >= 0)
        {
            _fillers.Push(filler);
        }
    }

    /// <summary>Lets one descriptor more be opened.</summary>
    internal void FreeOne() => Close(_fillers.Pop());

    public void Dispose()
    {
        while (_fillers.TryPop(out var filler))
        {
            Close(filler);
        }

        fixed (ulong* before = _before)
        {
            Assert.Equal(0, SetLimit(NoFile, before));
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int fd, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);
}
