using System.Runtime.CompilerServices;

namespace L4Lb.Engine.Shards;

/// <summary>Makes <c>await shard.Yield()</c> put the caller behind everything else that is ready.</summary>
internal readonly struct YieldAwaiter(Shard shard) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public YieldAwaiter GetAwaiter() => this;

    public void GetResult()
    {
        // Nothing to give: the turn was the point.
    }

    public void OnCompleted(Action continuation) => shard.EnqueueYielded(continuation);

    public void UnsafeOnCompleted(Action continuation) => shard.EnqueueYielded(continuation);
}
