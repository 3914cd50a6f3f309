namespace L4Lb.Engine.Affinity;

/// <summary>What became of an <see cref="AffinityTable"/> so far. A mutable struct; each stripe counts under its lock.</summary>
internal struct AffinityCounts
{
    /// <summary>Times that a client kept a backend.</summary>
    public long Hits;

    /// <summary>Times that a client kept none, or none any more.</summary>
    public long Misses;

    /// <summary>Entries that went to another backend.</summary>
    public long Moves;

    /// <summary>Entries that made room for others before their time was over.</summary>
    public long Evictions;

    /// <summary>Entries whose time was over.</summary>
    public long Expirations;

    public static AffinityCounts operator +(in AffinityCounts a, in AffinityCounts b) => new()
    {
        Hits = a.Hits + b.Hits,
        Misses = a.Misses + b.Misses,
        Moves = a.Moves + b.Moves,
        Evictions = a.Evictions + b.Evictions,
        Expirations = a.Expirations + b.Expirations,
    };
}
