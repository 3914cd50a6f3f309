using L4Lb.Engine.Shards;

namespace L4Lb.Engine.Tests.Shards;

/// <summary>A timer that calls a delegate.</summary>
internal sealed class TestTimer(Action<long> onDue) : WheelTimer
{
    protected internal override void OnDue(long nowMs) => onDue(nowMs);
}
