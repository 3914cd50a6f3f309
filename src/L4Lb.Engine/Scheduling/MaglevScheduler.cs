using System.Globalization;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>maglev</c>: the slot of the client's hash in a table that candidates share by weight (see <see cref="MaglevTable"/>).
/// O(1): one hash and one read, and more only for those whose backend cannot take them.
/// </summary>
/// <remarks>
/// The table is laid out by full weights. Who goes down or fills up keeps its slots: its clients hash again, each by
/// itself, which spreads them over all others, and nobody else's clients move; when it is back, so are they. One that has
/// a part of its weight (slow start) takes that part of its clients, always the same ones.
/// </remarks>
internal sealed class MaglevScheduler : IScheduler
{
    internal const int StandardSize = 65537;

    private const string TableSize = "table-size";
    private const int LeastSize = 3;
    private const int MostSize = 5_000_011; // Envoy's bound.

    /// <summary>With one in five open, one pick in 1,600,000 is decided by the list instead.</summary>
    private const int MostHashes = 64;

    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "maglev", "the client's address decides, by a Maglev table that does not depend on the order of backends",
        SchedulerTraits.Weighted | SchedulerTraits.ByHash | SchedulerTraits.Consistent,
        static (candidates, _, parameters) => new MaglevScheduler(candidates, parameters))
    {
        Parameters = [HashKey.Parameter, SizeParameter],
    };

    // Immutable.
    private readonly Candidate[] _candidates;
    private readonly int[] _slots;
    private readonly string _hashOn;

    private MaglevScheduler(Candidate[] candidates, SchedulerParameters parameters)
    {
        _candidates = candidates;
        _slots = MaglevTable.Fill(candidates, SizeFor(candidates, parameters));
        _hashOn = parameters.Text(HashKey.Parameter.Name);
    }

    /// <summary>The parameter <c>table-size</c>, as schedulers with this table take it.</summary>
    internal static SchedulerParameterDefinition SizeParameter => new(
        TableSize, "slots of the table; a hundred times the number of backends keeps shares within 1 %",
        StandardSize.ToString(CultureInfo.InvariantCulture), $"a prime number from {LeastSize} to {MostSize}, such as 65537 or 655373", IsSize);

    public string Name => "maglev";

    /// <summary>
    /// The size that was asked for, or the next prime that has a slot for everybody: the list comes from elsewhere and
    /// cannot be refused for its length.
    /// </summary>
    internal static int SizeFor(Candidate[] candidates, SchedulerParameters parameters) =>
        Math.Max(parameters.Number(TableSize), Prime.AtLeast(candidates.Length));

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs)
    {
        if (_slots.Length == 0)
        {
            return -1;
        }

        var hash = FlowHash.Of(HashKey.Of(in flow, _hashOn));
        for (var attempt = 0; attempt < MostHashes; attempt++)
        {
            var again = attempt == 0 ? hash : FlowHash.Again(hash, attempt);
            var index = _slots[FlowHash.Below(again, _slots.Length)];
            if (_candidates.CanTake(index, in tried) && _candidates[index].Keeps(hash))
            {
                return index;
            }
        }

        return _candidates.NextOpen(FlowHash.Below(hash, _candidates.Length), in tried);
    }

    private static bool IsSize(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size is >= LeastSize and <= MostSize && Prime.Is(size);
}
