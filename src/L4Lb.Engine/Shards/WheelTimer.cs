namespace L4Lb.Engine.Shards;

/// <summary>
/// Something that a <see cref="TimerWheel"/> can call at a time. The object is its own list node, so arming one
/// allocates nothing. It belongs to one wheel, and to that wheel's thread, while it is armed.
/// </summary>
internal abstract class WheelTimer
{
    /// <summary>The value of <see cref="Slot"/> when not armed.</summary>
    internal const int NoSlot = -1;

    // Shard thread only; the wheel's.
    internal WheelTimer? Next;
    internal WheelTimer? Previous;
    internal int Slot = NoSlot;

    /// <summary>Whether the timer is armed; false again by the time that <see cref="OnDue"/> is called.</summary>
    public bool IsArmed => Slot != NoSlot;

    /// <summary>The time of the wheel's clock at which it is due; meaningful while armed.</summary>
    public long DueMs { get; internal set; }

    /// <summary>Called once when due. May arm and cancel any timer, this one included.</summary>
    protected internal abstract void OnDue(long nowMs);
}
