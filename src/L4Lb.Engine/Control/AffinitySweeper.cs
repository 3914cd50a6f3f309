using L4Lb.Engine.Affinity;

namespace L4Lb.Engine.Control;

/// <summary>
/// Goes through the affinity tables now and then, so that one which nobody asks any more gives its memory back. Control
/// plane only.
/// </summary>
internal sealed class AffinitySweeper
{
    /// <summary>
    /// Entries that one turn reclaims at most: about 5 ms of work, in holds of a lock that are over in a few
    /// microseconds each. Once every 5 s that is 13,000 a second; a table that is asked reclaims its own besides.
    /// </summary>
    internal const int EntriesPerTurn = 65536;

    private int _next;

    /// <summary>
    /// Reclaims what expired in <paramref name="tables"/>, going on where the turn before ended. Returns how many entries.
    /// </summary>
    internal int Sweep(IReadOnlyList<AffinityTable> tables, long nowMs)
    {
        var left = EntriesPerTurn;
        for (var i = 0; i < tables.Count && left > 0; i++)
        {
            _next %= tables.Count;
            left -= tables[_next].Sweep(nowMs, left);
            if (left > 0)
            {
                _next++;
            }
        }

        return EntriesPerTurn - left;
    }
}
