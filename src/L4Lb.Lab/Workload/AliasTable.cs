namespace L4Lb.Lab.Workload;

/// <summary>
/// Draws from any finite distribution in O(1) with one random number: Walker's alias method, built as Vose does ("A linear
/// algorithm for generating random numbers with a given distribution", 1991). Immutable.
/// </summary>
internal sealed class AliasTable
{
    private readonly double[] _part;
    private readonly int[] _alias;

    /// <param name="weights">How likely each is, in proportion; not all 0.</param>
    internal AliasTable(double[] weights)
    {
        var scale = weights.Length / weights.Sum();
        _part = Array.ConvertAll(weights, weight => weight * scale);
        _alias = new int[weights.Length];
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (var i = 0; i < _part.Length; i++)
        {
            (_part[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (little, much) = (small.Pop(), large.Pop());
            _alias[little] = much;
            _part[much] -= 1 - _part[little];
            (_part[much] < 1 ? small : large).Push(much);
        }

        // What is left is 1 but for rounding.
        foreach (var i in small.Concat(large))
        {
            _part[i] = 1;
        }
    }

    /// <summary>The index that 64 random bits stand for.</summary>
    internal int Draw(ulong bits)
    {
        // The upper half of the product is the slot, the lower is as random within it.
        var slot = (int)Math.BigMul(bits, (ulong)_part.Length, out var rest);
        return Dice.ToUnit(rest) < _part[slot] ? slot : _alias[slot];
    }
}
