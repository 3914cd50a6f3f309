namespace L4Lb.Engine.Runtime;

/// <summary>
/// How the connects of sessions to one backend ended: what passive health judges by. A success costs one atomic add
/// and, only after a failure, one store; nothing is locked or allocated. Thread-safe.
/// </summary>
internal sealed class ConnectOutcomes
{
    // Any thread (Interlocked).
    private long _succeeded;
    private long _failed;
    private int _failedInARow;

    // Written by the health monitor, read by any; the threshold before the alarm, and read after it.
    private int _alarmAt;
    private volatile Action? _alarm;

    /// <summary>Connects that succeeded.</summary>
    internal long Succeeded => Interlocked.Read(ref _succeeded);

    /// <summary>Connects that failed.</summary>
    internal long Failed => Interlocked.Read(ref _failed);

    /// <summary>
    /// Connects that failed since one succeeded. Several shards report at once, so a success may be taken for older than
    /// a failure that it followed, or the other way round: by one connect's length.
    /// </summary>
    internal int FailedInARow => Volatile.Read(ref _failedInARow);

    internal void AddSuccess()
    {
        Interlocked.Increment(ref _succeeded);
        if (Volatile.Read(ref _failedInARow) != 0)
        {
            Volatile.Write(ref _failedInARow, 0);
        }
    }

    internal void AddFailure()
    {
        Interlocked.Increment(ref _failed);
        var inARow = Interlocked.Increment(ref _failedInARow);

        // At each multiple: an alarm that could not be heeded is repeated.
        if (_alarm is { } alarm && inARow % Volatile.Read(ref _alarmAt) == 0)
        {
            alarm();
        }
    }

    /// <summary>Begins to count failures in a row anew.</summary>
    internal void Forgive() => Volatile.Write(ref _failedInARow, 0);

    /// <summary>
    /// Calls <paramref name="alarm"/> on the failing session's thread whenever <paramref name="failuresInARow"/> more
    /// have failed; it must neither block nor throw. Null for nobody.
    /// </summary>
    internal void Watch(int failuresInARow, Action? alarm)
    {
        _alarm = null;
        Volatile.Write(ref _alarmAt, Math.Max(failuresInARow, 1));
        _alarm = failuresInARow > 0 ? alarm : null;
    }
}
