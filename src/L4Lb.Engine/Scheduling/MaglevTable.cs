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
        var slots = new int[size];
        Array.Fill(slots, -1);
        var claims = Array.ConvertAll(names, name => new Claim(Encoding.UTF8.GetBytes(name), size));
        int[] weights = [.. members.Select(i => candidates[i].FullWeight)];
        foreach (var member in Turns(weights).Take(size))
        {
            slots[claims[member].Next(slots)] = members[member];
        }

        return slots;
    }

    /// <summary>
    /// Whose turn it is, for ever. In round r a candidate of weight w has a turn when r × w has reached what its turns so
    /// far have cost, and a turn costs the greatest weight: Envoy's rule, which visits everybody in every round. Here
    /// each waits for the round of its next turn instead, because one heavy candidate among thousands would otherwise
    /// make the rounds many and almost empty.
    /// </summary>
    private static IEnumerable<int> Turns(int[] weights)
    {
        var most = (long)weights.Max();
        if (Array.TrueForAll(weights, weight => weight == most))
        {
            for (var i = 0; ; i = (i + 1) % weights.Length)
            {
                yield return i;
            }
        }

        var taken = new long[weights.Length];
        var waiting = new PriorityQueue<int, (long Round, int Member)>(
            Enumerable.Range(0, weights.Length).Select(i => (i, (1L, i))));
        while (true)
        {
            waiting.TryPeek(out var member, out var turn);
            yield return member;
            var cost = ++taken[member] * most;
            var round = Math.Max(turn.Round + 1, (cost + weights[member] - 1) / weights[member]);
            waiting.DequeueEnqueue(member, (round, member));
        }
    }

    /// <summary>A candidate's own order of the slots: from an offset on, by a skip.</summary>
    private sealed class Claim(byte[] name, int size)
    {
        private readonly long _skip = (long)(XxHash64.Of(name, seed: 1) % (ulong)(size - 1)) + 1;
        private long _slot = (long)(XxHash64.Of(name) % (ulong)size);

        /// <summary>The next slot in its order that is free.</summary>
        internal int Next(int[] slots)
        {
            while (slots[_slot] >= 0)
            {
                _slot = (_slot + _skip) % size;
            }

            return (int)_slot;
        }
    }
}
