using System.Globalization;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>mh</c>: Maglev hashing as IPVS has it (Linux net/netfilter/ipvs/ip_vs_mh.c): the slot of the client's hash in a table
/// that candidates share by weight. When one comes or goes, few clients of the others move. O(1).
/// </summary>
/// <remarks>
/// The table is laid out by full weights: one that goes down keeps its slots, so nobody else's clients move. Its own are
/// refused, as in IPVS, unless <c>mh-fallback</c> is given; a retry falls back in any case
/// (see <see cref="SourceHashingScheduler"/>). The fallback hashes again with an offset, as IPVS does as often as there are
/// slots; here <see cref="MostHashes"/> times, and then the next in the list that is open: a pick while almost everybody
/// is full must not cost a walk over 131,071 hashes.
/// </remarks>
internal sealed class KernelMaglevScheduler : IScheduler
{
    private const string TableSize = "table-size";
    private const string Port = "mh-port";
    private const string Fallback = "mh-fallback";

    /// <summary>With one in twenty open, one pick in 500,000 is decided by the list instead.</summary>
    private const int MostHashes = 256;

    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "mh", "the client's address decides, by the kernel's Maglev table",
        SchedulerTraits.Weighted | SchedulerTraits.ByHash | SchedulerTraits.Consistent | SchedulerTraits.MayRefuse,
        static (candidates, _, parameters) => new KernelMaglevScheduler(candidates, parameters))
    {
        Parameters =
        [
            HashKey.Parameter,
            new(
                TableSize, "slots of the table", "4093",
                $"a prime number from {KernelMaglevTable.LeastSize} to {KernelMaglevTable.MostSize}", IsTableSize),
            SchedulerParameterDefinition.Flag(Port, "the same as hash-on=source-port, by the kernel's name"),
            SchedulerParameterDefinition.Flag(Fallback, "go on to another backend instead of refusing"),
        ],
    };

    // Immutable.
    private readonly Candidate[] _candidates;
    private readonly int[] _slots;
    private readonly string _hashOn;
    private readonly bool _falls;

    private KernelMaglevScheduler(Candidate[] candidates, SchedulerParameters parameters)
    {
        _candidates = candidates;
        _slots = KernelMaglevTable.Fill(candidates, parameters.Number(TableSize));
        _hashOn = parameters.Flag(Port) ? HashKey.SourcePort : parameters.Text(HashKey.Parameter.Name);
        _falls = parameters.Flag(Fallback);
    }

    public string Name => "mh";

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        if (_slots.Length == 0)
        {
            return -1;
        }

        var key = KernelHash.Fold(HashKey.Of(in flow, _hashOn));
        var home = SlotOf(key);
        if (_candidates.CanTake(_slots[home], in tried))
        {
            return _slots[home];
        }

        return _falls || tried.Count > 0 ? NextAfter(home, key, in tried) : -1;
    }

    private static bool IsTableSize(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size >= KernelMaglevTable.LeastSize && size <= KernelMaglevTable.MostSize && Prime.Is(size);

    private int NextAfter(int home, uint key, in TriedSet tried)
    {
        for (var step = 0; step < MostHashes; step++)
        {
            var offset = (uint)((home + step) % _slots.Length);
            var index = _slots[SlotOf(unchecked(key + offset))];
            if (_candidates.CanTake(index, in tried))
            {
                return index;
            }
        }

        return _candidates.NextOpen(home % _candidates.Length, in tried);
    }

    private int SlotOf(uint key) => KernelMaglevTable.SlotOf(key, _slots.Length);
}
