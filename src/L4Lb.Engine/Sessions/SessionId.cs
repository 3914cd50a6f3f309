namespace L4Lb.Engine.Sessions;

/// <summary>Numbers the sessions and flows of the process. Any thread.</summary>
internal static class SessionId
{
    private static long s_last;

    internal static long Next() => Interlocked.Increment(ref s_last);
}
