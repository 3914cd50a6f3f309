using System.Diagnostics;
using System.Numerics;

namespace L4Lb.Engine.Shards;

/// <summary>
/// All timers of one shard. Hierarchical timing wheels (Varghese, Lauck: "Hashed and hierarchical timing wheels",
/// SOSP 1987) with a tick of 1 ms: arming and cancelling are O(1), a timer moves to a finer wheel at most a few
/// times before it fires, and idle time costs nothing, because a bitmap per wheel names its next slot in use.
/// Single-threaded.
/// </summary>
/// <remarks>
/// A time is a number of digits to the base 64. Wheel 0 holds the timers that differ from the present in the last
/// digit only, wheel 1 those that differ in the digit before it, and so on: eleven wheels hold every time there is,
/// without wrapping. All timers of a wheel are due before all of the next, which is what finding the next one uses.
/// When time reaches a slot of a coarser wheel, its timers move to finer ones in that turn, each at the price of arming it.
/// (The layout is that of tokio's timer, which stops at six wheels.)
/// </remarks>
internal sealed class TimerWheel
{
    private const int DigitBits = 6;
    private const int SlotsPerWheel = 1 << DigitBits;
    private const int Wheels = (64 + DigitBits - 1) / DigitBits;

    /// <summary>The slot after all wheels: timers found due in this turn and not called yet.</summary>
    private const int DueSlot = Wheels * SlotsPerWheel;

    // Shard thread only.
    private readonly WheelTimer?[] _slots = new WheelTimer?[DueSlot + 1];
    private readonly ulong[] _slotsInUse = new ulong[Wheels + 1];
    private uint _wheelsInUse;
    private long _nowMs;
    private long _earliestMs;

    /// <summary>Creates an empty wheel.</summary>
    /// <param name="nowMs">The time of the caller's clock, not negative; the clock must not go back.</param>
    public TimerWheel(long nowMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nowMs);
        _nowMs = nowMs;
        _earliestMs = nowMs + 1;
    }

    /// <summary>Timers that are armed.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Arms <paramref name="timer"/> for <paramref name="dueMs"/>, anew if it is armed. What is due already fires
    /// with the next tick, never within the <see cref="Advance"/> that is under way: one turn calls only timers that
    /// were armed before it, however they arm each other.
    /// </summary>
    public void Schedule(WheelTimer timer, long dueMs)
    {
        Cancel(timer);
        timer.DueMs = Math.Max(dueMs, _earliestMs);
        Link(timer, SlotOf(timer.DueMs));
        Count++;
    }

    /// <summary>Disarms <paramref name="timer"/>. False when it was not armed.</summary>
    public bool Cancel(WheelTimer timer)
    {
        if (!timer.IsArmed)
        {
            return false;
        }

        Unlink(timer);
        Count--;
        return true;
    }

    /// <summary>Fires everything due at <paramref name="nowMs"/>, in the order of the due times. Returns how many.</summary>
    public int Advance(long nowMs)
    {
        // From here on what callbacks arm goes beyond this turn.
        _earliestMs = Math.Max(_earliestMs, nowMs + 1);

        // Only after a callback threw is there something left from the last turn.
        var fired = FireDue(nowMs);
        while (_wheelsInUse != 0)
        {
            var slot = FirstSlotInUse();
            var startMs = StartOf(slot);
            if (startMs > nowMs)
            {
                break;
            }

            _nowMs = Math.Max(_nowMs, startMs);
            if (slot < SlotsPerWheel)
            {
                MoveToDue(slot);
                fired += FireDue(nowMs);
            }
            else
            {
                MoveToFinerWheels(slot);
            }
        }

        _nowMs = Math.Max(_nowMs, nowMs);
        return fired;
    }

    /// <summary>
    /// Milliseconds from <paramref name="nowMs"/> in which nothing can become due, to wait for with epoll_wait: 0
    /// when something is due, -1 (for ever) when nothing is armed. For timers far away it is less than their time,
    /// at most a few times each.
    /// </summary>
    public int NextDueMs(long nowMs)
    {
        if (_slotsInUse[Wheels] != 0)
        {
            return 0;
        }

        return _wheelsInUse == 0 ? -1 : (int)Math.Clamp(StartOf(FirstSlotInUse()) - nowMs, 0, int.MaxValue);
    }

    private int SlotOf(long dueMs)
    {
        var differing = (ulong)(_nowMs ^ dueMs) | (SlotsPerWheel - 1);
        var wheel = (63 - BitOperations.LeadingZeroCount(differing)) / DigitBits;
        return (wheel * SlotsPerWheel) + (int)((dueMs >> (wheel * DigitBits)) & (SlotsPerWheel - 1));
    }

    /// <summary>The earliest time of a slot: the present with that wheel's digit set and the finer ones 0.</summary>
    private long StartOf(int slot)
    {
        var shift = slot / SlotsPerWheel * DigitBits;
        var coarser = shift + DigitBits >= 64 ? 0 : _nowMs >> (shift + DigitBits) << (shift + DigitBits);
        return coarser | ((long)(slot % SlotsPerWheel) << shift);
    }

    private int FirstSlotInUse()
    {
        var wheel = BitOperations.TrailingZeroCount(_wheelsInUse);
        return (wheel * SlotsPerWheel) + BitOperations.TrailingZeroCount(_slotsInUse[wheel]);
    }

    private int FireDue(long nowMs)
    {
        var fired = 0;
        for (; _slots[DueSlot] is { } timer; fired++)
        {
            Debug.Assert(timer.DueMs <= nowMs, "a timer fires early");
            Cancel(timer);
            timer.OnDue(nowMs);
        }

        return fired;
    }

    private void MoveToDue(int slot)
    {
        while (_slots[slot] is { } timer)
        {
            Unlink(timer);
            Link(timer, DueSlot);
        }
    }

    private void MoveToFinerWheels(int slot)
    {
        while (_slots[slot] is { } timer)
        {
            Unlink(timer);
            Link(timer, SlotOf(timer.DueMs));
        }
    }

    private void Link(WheelTimer timer, int slot)
    {
        ref var head = ref _slots[slot];
        (timer.Slot, timer.Next, timer.Previous) = (slot, head, null);
        if (head is not null)
        {
            head.Previous = timer;
        }
        else
        {
            _slotsInUse[slot / SlotsPerWheel] |= 1UL << (slot % SlotsPerWheel);
            _wheelsInUse |= slot < DueSlot ? 1U << (slot / SlotsPerWheel) : 0;
        }

        head = timer;
    }

    private void Unlink(WheelTimer timer)
    {
        var slot = timer.Slot;
        if (timer.Next is not null)
        {
            timer.Next.Previous = timer.Previous;
        }

        if (timer.Previous is not null)
        {
            timer.Previous.Next = timer.Next;
        }
        else if ((_slots[slot] = timer.Next) is null)
        {
            var wheel = slot / SlotsPerWheel;
            _slotsInUse[wheel] &= ~(1UL << (slot % SlotsPerWheel));
            _wheelsInUse &= _slotsInUse[wheel] == 0 ? ~(1U << wheel) : ~0U;
        }

        (timer.Slot, timer.Next, timer.Previous) = (WheelTimer.NoSlot, null, null);
    }
}
