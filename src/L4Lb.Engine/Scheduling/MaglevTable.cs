using System.Text;

namespace L4Lb.Engine.Scheduling;

/// <summary>
/// Maglev's lookup table (Eisenbud et al.: "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016), with
/// Envoy's weights and hashes (source/extensions/load_balancing_policies/maglev): candidates claim slots in turn, each in
/// its own order, so everybody gets the same number, give or take one, and few slots change hands when one comes or goes.
/// </summary>
/// <remarks>
/// Candidates take turns in the order of their addresses as text: the table does not depend on the order of the list, so
/// instances that read their endpoints in different orders agree.
/// </remarks>
internal static class MaglevTable
{
    /// <summary>The owner of each of <paramref name="size"/> slots; empty when nobody has a weight.</summary>
    /// <param name="candidates">Who claims slots, by full weight.</param>
    /// <param name="size">A prime.</param>
    internal static int[] Fill(Candidate[] candidates, int size)
    {
        int[] members = [.. Enumerable.Range(0, candidates.Length).Where(i => candidates[i].FullWeight > 0)];
        if (members.Length == 0)
        {
            return [];
        }

        var names = Array.ConvertAll(members, i => candidates[i].Address.ToString());
        Array.Sort(names, members, StringComparer.Ordinal);
        var (next, skips) = (new int[members.Length], new int[members.Length]);
        for (var i = 0; i < names.Length; i++)
        {
            var name = Encoding.ASCII.GetBytes(names[i]);
            next[i] = (int)(XxHash64.Of(name) % (ulong)size);
            skips[i] = (int)(XxHash64.Of(name, seed: 1) % (ulong)(size - 1)) + 1;
        }

        var slots = new int[size];
        Array.Fill(slots, -1);
        foreach (var member in Turns([.. members.Select(i => candidates[i].FullWeight)], size).AsSpan(0, size))
        {
            var slot = next[member];
            while (slots[slot] >= 0)
            {
                slot += skips[member];
                slot -= slot < size ? 0 : size;
            }

            slots[slot] = members[member];
            next[member] = slot;
        }

        return slots;
    }

    /// <summary>
    /// Whose turn it is, for <paramref name="count"/> turns and the rest of a round. Envoy visits everybody in every round;
    /// one heavy candidate among thousands makes the rounds many and almost empty. So the turns of each are sorted by
    /// their rounds instead, which are known beforehand.
    /// </summary>
    private static int[] Turns(int[] weights, int count)
    {
        var most = weights.Max();
        var rounds = RoundsFor(weights, most, count);
        var next = new int[rounds + 1];
        foreach (var weight in weights)
        {
            for (long turn = 0, round = 1; round <= rounds; round = RoundOf(++turn, weight, most))
            {
                next[round]++;
            }
        }

        var start = 0;
        foreach (ref var place in next.AsSpan())
        {
            (place, start) = (start, start + place);
        }

        var turns = new int[start];
        for (var member = 0; member < weights.Length; member++)
        {
            for (long turn = 0, round = 1; round <= rounds; round = RoundOf(++turn, weights[member], most))
            {
                turns[next[round]++] = member;
            }
        }

        return turns;
    }

    /// <summary>
    /// In which round, from 1 on, a candidate has its turn number <paramref name="turn"/>, from 0 on. Envoy's rule: in
    /// round r it has one when r × weight has reached what its turns so far have cost, and a turn costs the greatest weight.
    /// </summary>
    private static long RoundOf(long turn, int weight, int most) =>
        weight == most ? turn + 1 : Math.Max(1, ((turn * most) + weight - 1) / weight);

    /// <summary>The least number of rounds that have <paramref name="count"/> turns; the heaviest has one in each.</summary>
    private static int RoundsFor(int[] weights, int most, int count)
    {
        var (low, high) = (1, count);
        while (low < high)
        {
            var rounds = (int)(((uint)low + (uint)high) >> 1);
            var turns = weights.Sum(weight => weight == most ? rounds : ((long)rounds * weight / most) + 1);
            (low, high) = turns < count ? (rounds + 1, high) : (low, rounds);
        }

        return low;
    }
}
