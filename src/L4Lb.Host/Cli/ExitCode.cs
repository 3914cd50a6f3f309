namespace L4Lb.Host.Cli;

/// <summary>What the process tells its caller; a contract with other people's scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done, or ended in order.</summary>
    public const int Done = 0;

    /// <summary>The input is invalid, or what was asked for did not come true; every reason was printed.</summary>
    public const int Failed = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Could not start: an address in use, a permission missing.</summary>
    public const int CannotStart = 3;
}
