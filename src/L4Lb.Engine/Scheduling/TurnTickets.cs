namespace L4Lb.Engine.Scheduling;

/// <summary>Turns as points on a line.</summary>
internal static class TurnTickets
{
    /// <summary>2^64 divided by the golden ratio.</summary>
    private const ulong GoldenStep = 0x9E3779B97F4A7C15;

    /// <summary>
    /// The next turn as a number below <paramref name="total"/>. Multiples of the golden ratio fall evenly over any
    /// interval (Weyl; Knuth, TAOCP 3, 6.4): those who share a line by weight have turns in proportion after few of
    /// them, and never in bursts, as turn modulo weight would give.
    /// </summary>
    internal static long NextTicket(this SchedulerMemory memory, long total) =>
        (long)Math.BigMul(unchecked(memory.NextTurn() * GoldenStep), (ulong)total, out _);
}
