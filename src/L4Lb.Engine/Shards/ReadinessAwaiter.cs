using System.Runtime.CompilerServices;

namespace L4Lb.Engine.Shards;

/// <summary>
/// Makes <c>await socket.Readable()</c> a plain suspension: the continuation is kept in the socket and the event loop
/// calls it inline. No task, no scheduler, no execution context to restore, nothing allocated.
/// </summary>
internal readonly struct ReadinessAwaiter(PolledSocket socket, bool write) : ICriticalNotifyCompletion
{
    public bool IsCompleted => socket.IsAborted || (write ? socket.IsWritable : socket.IsReadable);

    public ReadinessAwaiter GetAwaiter() => this;

    public void GetResult()
    {
        // Readiness is state of the socket; there is no result to give.
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        if (write)
        {
            socket.OnWritable(continuation);
        }
        else
        {
            socket.OnReadable(continuation);
        }
    }
}
