namespace L4Lb.Engine.Scheduling;

/// <summary>
/// The sequence of smooth weighted round robin, as nginx computes it (src/http/ngx_http_upstream_round_robin.c): at
/// each turn everybody gains their weight, the richest is picked, the first in the list among equals, and pays the sum
/// of weights. Weights 5, 1, 1 give A A B A C A A.
/// </summary>
internal static class SmoothCycle
{
    /// <summary>One whole cycle as positions in <paramref name="weights"/>, which are all above 0 and share no divisor.</summary>
    /// <remarks>
    /// Done by the book a turn looks at everybody. But those of one weight gain the same, so they are picked in turn:
    /// it is enough to compare the next of each distinct weight, of which a sum of weights has room for few.
    /// </remarks>
    internal static int[] Compile(ReadOnlySpan<int> weights)
    {
        Group[] groups =
        [
            .. weights.ToArray().Index().GroupBy(static w => w.Item, static w => w.Index)
                .Select(static group => new Group(group.Key, [.. group])),
        ];
        var sum = groups.Sum(static group => group.Weight * group.Members.LongLength);
        var cycle = new int[sum];
        for (var turn = 1; turn <= cycle.Length; turn++)
        {
            var best = groups[0];
            var most = best.Wealth(turn, sum);
            foreach (var group in groups)
            {
                var wealth = group.Wealth(turn, sum);
                if (wealth > most || (wealth == most && group.Next < best.Next))
                {
                    (best, most) = (group, wealth);
                }
            }

            cycle[turn - 1] = best.Take();
        }

        return cycle;
    }

    /// <summary>Those of one weight, who take turns.</summary>
    private sealed class Group(long weight, int[] members)
    {
        private int _next;
        private long _rounds;

        public long Weight => weight;

        public int[] Members => members;

        /// <summary>Who is picked next of them.</summary>
        public int Next => members[_next];

        /// <summary>What the next of them has: everything gained by <paramref name="turn"/>, less what was paid.</summary>
        public long Wealth(long turn, long sum) => (turn * weight) - (_rounds * sum);

        public int Take()
        {
            var taken = Next;
            if (++_next == members.Length)
            {
                (_next, _rounds) = (0, _rounds + 1);
            }

            return taken;
        }
    }
}
